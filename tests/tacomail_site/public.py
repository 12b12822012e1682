"""The environment of a site in public: no name in it leads anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("POSTFIX_", "TACOMAIL_", "AWS_", "DJANGO_")
SECRET = "a-text-that-nobody-else-has-" * 2
PUBLIC_SITE = {
    "POSTFIX_DYNAMODB_TABLE": "tacomail",
    "TACOMAIL_MAIL_BUCKET": "mail",
    "TACOMAIL_SITE_URL": "https://aliases.example.com",
    "DJANGO_ALLOWED_HOSTS": "aliases.example.com",
    "DJANGO_SECRET_KEY": SECRET,
}


def run_python(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter in the project's folder, with these variables and none of ours from outside."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True, check=False)
