"""`manage.py load` as a process of its own, killed while it writes, and run again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aliases.records.dump import dump_table
from tests.integration.moto_server import process_environment

if TYPE_CHECKING:
    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

ROOT = Path(__file__).resolve().parents[3]
ITEMS = 300
LONGEST_WAIT = 60


def load(aws: MotoServer, served: Installation, file: Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "load", str(file), "--over"],
        cwd=ROOT, env=process_environment(aws, served.root), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def test_a_load_that_is_killed_goes_on_with_the_same_command(
    aws: MotoServer, served: Installation, tmp_path: Path
) -> None:
    def item(number: int) -> dict[str, Any]:
        return {"sub_domain": {"S": "load.example"}, "alias_address": {"S": f"a{number:04}"}, "n": {"N": str(number)}}

    file = tmp_path / "table.jsonl"
    file.write_text("".join(json.dumps(item(number)) + "\n" for number in range(ITEMS)))
    before = set(dump_table(served.table))
    with load(aws, served, file) as first:
        ends = time.monotonic() + LONGEST_WAIT
        while aws.operations("dynamodb").count("BatchWriteItem") < 4 and time.monotonic() < ends:
            time.sleep(0.005)
        aws.stall("dynamodb", "BatchWriteItem")  # so that it cannot be done before it is killed
        first.kill()
    aws.cure()
    loaded = len(set(dump_table(served.table)) - before)
    assert 100 <= loaded < ITEMS
    with load(aws, served, file) as second:
        said, wrong = second.communicate(timeout=LONGEST_WAIT)
    assert (second.returncode, wrong) == (0, "")
    assert said.startswith(f"{ITEMS} items loaded into tacomail")
    wanted = {json.dumps(item(number), sort_keys=True) for number in range(ITEMS)}
    assert set(dump_table(served.table)) == before | wanted
