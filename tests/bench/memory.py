"""How much memory a large message needs on its way from the bucket into a Maildir."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.integration.moto_server import process_environment
from tests.integration.worker import Worker
from tests.support.events import s3_event, stored_message

if TYPE_CHECKING:
    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

MIB = 1024 * 1024
LARGE = 40 * MIB  # what SES takes at most
MOST = 32 * MIB


def memory_figure(aws: MotoServer, installation: Installation) -> Figure:
    """The S3 function's peak with the large message, above what it holds after a small one, in a fresh process."""
    small = installation.receive("shop@taco.example", seed="small")
    large = installation.receive("shop@taco.example", seed="large", body=_large_message())
    with Worker(process_environment(aws, installation.root)) as worker:
        assert worker.run("s3", s3_event(small))["answer"] == {"done": 1}
        idle = worker.run("resident")["answer"]["now"]
        assert worker.run("s3", s3_event(large, size=LARGE))["answer"] == {"done": 1}
        peak = worker.run("resident")["answer"]["peak"]
    above = peak - idle
    return Figure(
        f"S3 function, {LARGE // MIB} MiB into a Maildir: peak of resident memory above the idle size",
        f"{above / MIB:.1f} MiB above {idle / MIB:.1f} MiB", f"{MOST // MIB} MiB", above <= MOST,
    )  # fmt: skip


def _large_message() -> bytes:
    line = b"0123456789abcdefghijklmnopqrstuvwxyz\r\n"
    return stored_message(line * (LARGE // len(line)))
