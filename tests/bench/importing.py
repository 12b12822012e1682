"""What an import of many rows costs: requests for each hundred rows, and memory that does not grow with the file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.bench.start import ROOT
from tests.integration.moto_server import READS, process_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

MIB = 1024 * 1024
FEW, MANY = 1_000, 10_000
MOST_GROWTH = 16 * MIB  # for nine thousand more rows: their keys, identifiers and lines are remembered
RUN = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "importaliases", sys.argv[1], "--apply", "--no-progress"])
print("peak", next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def import_figures(aws: MotoServer, installation: Installation, many: int = MANY) -> Iterator[Figure]:
    """Two imports into the table, each in a process of its own."""
    few_peak = _imported(aws, installation, "few", FEW)
    aws.requests.clear()
    many_peak = _imported(aws, installation, "many", many)
    operations = aws.operations("dynamodb")
    reads = sum(operation in READS for operation in operations)
    writes = len(operations) - reads
    hundreds = many / 100
    yield Figure(
        "import, for each 100 rows: reads + writes of the table",
        f"{reads / hundreds:.1f} + {writes / hundreds:.1f}",
        "2 + 105",
        reads <= 2 * hundreds and writes <= 105 * hundreds,
    )
    growth = max(0, many_peak - few_peak)
    yield Figure(
        f"import, {many:,} rows: peak of resident memory above that of {FEW:,} rows",
        f"{growth / MIB:.1f} MiB above {few_peak / MIB:.1f} MiB", f"{MOST_GROWTH // MIB} MiB", growth <= MOST_GROWTH,
    )  # fmt: skip


def _imported(aws: MotoServer, installation: Installation, name: str, count: int) -> int:
    """The peak of the process's resident memory, in octets."""
    path = Path(installation.root) / f"{name}.csv"
    with path.open("w") as file:
        file.write("address,state,destination,description\n")
        file.writelines(f"{name}{n}@taco.example,active,alice@tacomail,Row {n}\n" for n in range(count))
    environment = {**process_environment(aws, installation.root), "DJANGO_SETTINGS_MODULE": "tacomail_site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    peak = re.search(r"^peak (\d+)", done.stdout, re.MULTILINE)
    assert peak, done.stdout + done.stderr
    assert f"{count} added." in done.stdout, done.stdout
    return int(peak[1]) * 1024
