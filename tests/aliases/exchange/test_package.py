from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.aliases.exchange.importing import IMPORTS

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = "import sys, aliases.exchange.importing, aliases.exchange.writing; print(*sys.modules)"


def test_importing_and_writing_load_no_django() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "aliases" in loaded
    assert loaded.isdisjoint({"django", "boto3"})


def test_every_export_among_the_fixtures_is_listed_once_and_nothing_else_is() -> None:
    readme = (IMPORTS.parent / "README.md").read_text()
    listed = re.findall(r"^\| `imports/([^`]+)`", readme, re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in IMPORTS.iterdir())
