"""`manage.py importaliases` as a process of its own, killed while it writes, and run again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aliases.records.store import AliasStore
from tests.integration.moto_server import process_environment

if TYPE_CHECKING:
    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

ROOT = Path(__file__).resolve().parents[3]
ROWS = 150
LONGEST_WAIT = 60


def start(aws: MotoServer, served: Installation, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "importaliases", str(file), "--apply"],
        cwd=ROOT, env=process_environment(aws, served.root), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def imported(served: Installation) -> dict[str, tuple[str | None, str | None]]:
    """Identifier and description by address."""
    return {
        alias.address: (alias.identifier, alias.description)
        for alias in AliasStore(served.table).aliases()
        if alias.alias_address.startswith("row")
    }


def test_an_import_that_is_killed_goes_on_with_the_same_command(
    aws: MotoServer, served: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "aliases.csv"
    rows = "".join(f"row{number}@taco.example,active,S3,n{number}\n" for number in range(ROWS))
    file.write_text(f"address,state,destination,description\n{rows}")
    with start(aws, served, file) as first:
        ends = time.monotonic() + LONGEST_WAIT
        while aws.operations("dynamodb").count("PutItem") < 60 and time.monotonic() < ends:
            time.sleep(0.005)
        aws.stall("dynamodb", "PutItem")  # so that it cannot be done before it is killed
        first.kill()
    aws.cure()
    before = imported(served)
    assert 60 <= len(before) < ROWS
    with start(aws, served, file) as second:
        said, wrong = second.communicate(timeout=LONGEST_WAIT)
    assert (second.returncode, wrong) == (0, "")
    assert said.endswith(f"{ROWS - len(before)} added, {len(before)} unchanged.\n")
    after = imported(served)
    assert {address: text for address, (_, text) in after.items()} == {
        f"row{number}@taco.example": f"n{number}" for number in range(ROWS)
    }
    assert before.items() <= after.items()
