"""How long a cold SES function takes to its first answer, beside the bare import of the library it stands on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.integration.moto_server import process_environment
from tests.support.events import ses_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
TRIES = 7
AIM = 1.5
DONE = "done:"  # begins the line that ends the measurement; the function logs on the same stream
BARE = f"import pynamodb.models; print({DONE!r}, flush=True)"
SES = (
    "import json, sys; from mailhandlers import ses; "
    f"print({DONE!r}, ses.handler(json.loads(sys.argv[1]), None), flush=True)"
)


def start_figures(aws: MotoServer, installation: Installation) -> list[Figure]:
    """The best of several tries each, in turn, after one of each that leaves the compiled modules behind."""
    environment = process_environment(aws, installation.root)
    first_answer, bare_import = [], []
    for number in range(TRIES + 1):
        event = json.dumps(ses_event("shop@taco.example", seed=f"start {number}"))
        first_answer.append(_seconds(environment, SES, event))
        bare_import.append(_seconds(environment, BARE))
    answer, bare = min(first_answer[1:]), min(bare_import[1:])
    ratio = answer / bare
    return [
        Figure("process start to the end of a bare `import pynamodb.models`", f"{bare * 1000:.0f} ms"),
        Figure("process start to the first answer of the SES function", f"{answer * 1000:.0f} ms"),
        Figure("the second over the first", f"{ratio:.2f}", f"{AIM} (an aim)", ratio < AIM, is_aim=True),
    ]


def _seconds(environment: Mapping[str, str], code: str, *arguments: str) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(DONE):
                return time.perf_counter() - started
    raise AssertionError(f"{code} ended without an answer")
