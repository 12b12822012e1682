"""A table out of reach, silent, late or dribbling, over real sockets: SES has its answer in time, nothing is lost."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from mailhandlers.bucket import envelope_key
from mailhandlers.local.settings import HOST
from mailhandlers.maildir import SUFFIX
from tests.integration.moto_server import WRITES, MotoServer, process_environment, reached
from tests.integration.worker import Worker
from tests.support.events import BUCKET, message_id, ses_event, stored_message
from tests.support.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

pytest_plugins = ("tests.integration.moto_fixtures",)

ANSWER_SECONDS = 20.0  # what the design promises; SES itself waits for 30
PATIENCE_SECONDS = 22.0
LATE_SECONDS = 25.0
DRIBBLE_SECONDS = 0.5
START_SECONDS = 3.0  # until processes that begin at once have made their clients, and only wait
HALF = "silent when written to"
SHOP, CLOSED, QUIET = (f"{name}@taco.example" for name in ("shop", "closed", "quiet"))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"


class SlowService(socketserver.ThreadingTCPServer):
    """Takes every connection; `after` seconds before its answer, and `between` its bytes."""

    daemon_threads = True

    def __init__(self, after: float, between: float) -> None:
        super().__init__((HOST, 0), _SlowAnswer)
        self.after = after
        self.between = between
        self.stopping = threading.Event()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The client went away, as it should."""


class _SlowAnswer(socketserver.BaseRequestHandler):
    server: SlowService

    def handle(self) -> None:
        self.request.recv(65536)
        if self.server.stopping.wait(self.server.after):
            return
        for octet in ANSWER:
            self.request.sendall(bytes([octet]))
            if self.server.stopping.wait(self.server.between):
                return


@contextmanager
def slow_service(after: float = 0.0, between: float = 0.0) -> Iterator[str]:
    with SlowService(after, between) as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.05,))
        thread.start()
        yield service.endpoint
        service.stopping.set()
        service.shutdown()
        thread.join()


@contextmanager
def closed_port() -> Iterator[str]:
    """A port that refuses connections: bound, so that nobody else gets it, but not listening."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        yield f"http://{HOST}:{bound.getsockname()[1]}"


@dataclass(frozen=True, slots=True)
class Case:
    """What is wrong. `table` and `bucket` are names of SERVICES; without one, the bucket works."""

    table: str
    bucket: str = ""
    recipient: str = SHOP
    layout: str = "single"
    answer: str = "CONTINUE"

    @property
    def name(self) -> str:
        bucket = f", {self.bucket} bucket" if self.bucket else ""
        return f"{self.table} table{bucket}, {self.recipient}, {self.layout} layout"


@dataclass(frozen=True, slots=True)
class Asked:
    """What SES was told (None for nothing), after how many seconds, and the envelope in the bucket after that."""

    answer: str | None
    seconds: float
    saved: dict[str, Any] | None = None


SERVICES: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "silent": lambda: slow_service(after=3600.0),
    "late": lambda: slow_service(after=LATE_SECONDS),
    "dribbling": lambda: slow_service(between=DRIBBLE_SECONDS),
    "unreachable": closed_port,
}
CASES = [
    Case("silent"),
    Case("silent", layout="classic", answer="STOP_RULE"),
    Case("silent", bucket="silent"),
    Case("late"),
    Case("dribbling"),
    Case("dribbling", layout="classic", answer="STOP_RULE"),
    Case("dribbling", bucket="dribbling"),
    Case("unreachable"),
    Case("unreachable", bucket="unreachable"),
    Case(HALF),
    Case(HALF, bucket="silent"),
    Case(HALF, recipient=CLOSED, answer="STOP_RULE"),  # what was read decides
    Case(HALF, recipient=QUIET, answer="STOP_RULE_SET"),
]


@pytest.fixture(scope="module")
def installation(aws: MotoServer, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    root = tmp_path_factory.mktemp("Maildir")
    aws.reset()
    with reached(aws, root):
        return Installation.make(root)


@pytest.fixture(scope="module")
def asked(aws: MotoServer, installation: Installation) -> dict[str, Asked]:
    """Every case at once, each in a process of its own: together they take as long as the slowest.

    What has to be read in time is read while the others wait, not while all of them begin.
    """
    with ExitStack() as stack:
        endpoints = {name: stack.enter_context(make()) for name, make in SERVICES.items()}
        half_silent = stack.enter_context(MotoServer())  # the same tables behind another door
        half_silent.stall("dynamodb", *WRITES)
        endpoints[HALF] = half_silent.endpoint
        workers = []
        for case in CASES:
            variables = {"AWS_ENDPOINT_URL_DYNAMODB": endpoints[case.table], "TACOMAIL_RULE_LAYOUT": case.layout}
            if case.bucket:
                variables["AWS_ENDPOINT_URL_S3"] = endpoints[case.bucket]
            environment = process_environment(aws, installation.root, **variables)
            workers.append(stack.enter_context(Worker(environment)))
        for worker in workers:
            worker.run("resident")  # it has loaded all it needs
        pool = stack.enter_context(ThreadPoolExecutor(len(CASES)))
        answers = list(pool.map(ask, workers, CASES))
    with reached(aws, installation.root):
        present = installation.stored_keys()
        return {
            case.name: replace(answer, saved=read_envelope(installation, case) if key_of(case) in present else None)
            for case, answer in zip(CASES, answers, strict=True)
        }


def key_of(case: Case) -> str:
    return envelope_key(message_id(case.name))


def read_envelope(installation: Installation, case: Case) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(installation.s3.get_object(Bucket=BUCKET, Key=key_of(case))["Body"].read())
    return envelope


def ask(worker: Worker, case: Case) -> Asked:
    if case.table == HALF:
        time.sleep(START_SECONDS)
    started = time.monotonic()
    worker.start("ses", ses_event(case.recipient, seed=case.name))
    result = worker.wait(PATIENCE_SECONDS)
    return Asked(result["answer"] if result is not None else None, time.monotonic() - started)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_ses_has_its_answer_in_time_and_deliverable_mail_is_taken(asked: dict[str, Asked], case: Case) -> None:
    assert asked[case.name].answer == case.answer
    assert asked[case.name].seconds < ANSWER_SECONDS


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.recipient == SHOP and not case.bucket], ids=lambda case: case.name
)
def test_the_envelope_is_kept_in_the_bucket(asked: dict[str, Asked], case: Case) -> None:
    saved = asked[case.name].saved
    assert saved is not None
    assert saved["recipients"] == [SHOP]
    decided = "accept" if case.table == HALF else "undecided"
    assert [decision["decision"] for decision in saved["decisions"]] == [decided]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("case", [case for case in CASES if case.recipient == SHOP], ids=lambda case: case.name)
def test_once_the_table_is_back_the_message_is_delivered_once(
    aws: MotoServer, installation: Installation, case: Case
) -> None:
    with reached(aws, installation.root):
        before = installation.counters(SHOP)[0]
        key = installation.store(case.name)
        assert installation.deliver(key) == {"done": 1}
        assert installation.deliver(key) == {"done": 1}
        assert installation.counters(SHOP)[0] == before + 1
        assert not installation.has(key)
        assert not installation.has(key_of(case))
    file = installation.root / "alice" / "new" / f"{message_id(case.name)}{SUFFIX}"
    assert file.read_bytes() == stored_message()
