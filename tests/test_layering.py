"""The arrows between the rooms: what the mail functions and the records may not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("django", "boto3", "zappa", "moto", "aiosmtpd")
SCRIPT = "import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"


@pytest.mark.parametrize(
    "module",
    [
        "mailhandlers.ses",
        "mailhandlers.s3",
        "mailhandlers.redelivery",
        "mailhandlers.fetching",
        "aliases.records.store",
        "aliases.records.registry",
    ],
)
def test_importing_it_loads_neither_django_nor_boto3_nor_zappa(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert module.partition(".")[0] in loaded
    assert loaded.isdisjoint(HEAVY)
