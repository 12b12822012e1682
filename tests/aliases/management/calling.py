"""Runs a command as the shell would, inside this process."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.management import call_command


def command(*words: str) -> str:
    """What the command prints. Raises CommandError as the command does."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def command_json(*words: str) -> Any:
    return json.loads(command(*words, "--json"))
