"""Plays Lambda: calls a Python function by its ARN, at once with an answer, or later with retries."""

from __future__ import annotations

import io
import json
import logging
import queue
import threading
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from boto3.session import Session

    Function = Callable[[dict[str, Any], Any], Any]

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30.0  # what SES grants a RequestResponse action
RETRY_DELAYS = (0.5, 1.0)  # Lambda waits a minute, then two; nobody wants to at a laptop
WORKERS = 4
ROLE = "tacomail-local"


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda passes as second argument, as far as functions look at it."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    deadline: float = field(default_factory=lambda: time.monotonic() + TIMEOUT_SECONDS)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self.deadline - time.monotonic()) * 1000))


@dataclass(frozen=True, slots=True)
class _Invocation:
    arn: str
    event: dict[str, Any]
    about: str


class Functions:
    """Python functions under their ARNs.

    Each runs one event at a time, as an instance of a Lambda function does: our functions keep their clients for
    the life of a process and need not expect two threads.
    """

    def __init__(self, retry_delays: Sequence[float] = RETRY_DELAYS) -> None:
        self._functions: dict[str, tuple[Function, threading.Lock]] = {}
        self._retry_delays = retry_delays
        self._waiting: queue.Queue[_Invocation | None] = queue.Queue()
        self._stopping = threading.Event()
        self._workers: list[threading.Thread] = []

    def add(self, arn: str, function: Function) -> None:
        self._functions[arn] = (function, threading.Lock())

    def invoke(self, arn: str, event: dict[str, Any]) -> Any:
        """The function's answer. Event and answer go through JSON, as on their way to Lambda and back.

        Raises KeyError for an unknown ARN, and whatever the function raises.
        """
        function, lock = self._functions[arn]
        context = Context(arn.rpartition(":")[2], arn)
        sent = json.loads(json.dumps(event))
        with lock:
            answer = function(sent, context)
        return json.loads(json.dumps(answer))

    def invoke_later(self, arn: str, event: dict[str, Any], about: str) -> None:
        """Return at once; the event is tried, and after a failure tried twice more. `about` names it in the log."""
        self._waiting.put(_Invocation(arn, event, about))
        if len(self._workers) < WORKERS:
            worker = threading.Thread(target=self._work, name=f"lambda-{len(self._workers)}", daemon=True)
            self._workers.append(worker)
            worker.start()

    def finish(self, seconds: float) -> bool:
        """Wait for what is under way, and end; False when there is some left.

        Retries that are due later are tried at once.
        """
        self._stopping.set()
        for _ in self._workers:
            self._waiting.put(None)
        deadline = time.monotonic() + seconds
        for worker in self._workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        return not any(worker.is_alive() for worker in self._workers)

    def _work(self) -> None:
        while (invocation := self._waiting.get()) is not None:
            self._try_repeatedly(invocation)

    def _try_repeatedly(self, invocation: _Invocation) -> None:
        name = invocation.arn.rpartition(":")[2]
        for delay in self._retry_delays:
            try:
                self.invoke(invocation.arn, invocation.event)
            except Exception as error:  # noqa: BLE001  whatever a function raises is a failed try
                logger.warning("%s failed for %s, it will be tried again: %r", name, invocation.about, error)
                self._stopping.wait(delay)
            else:
                return
        try:
            self.invoke(invocation.arn, invocation.event)
        except Exception:  # as above; and this was the last try
            logger.exception("%s failed for %s; 'manage.py redeliver' tries again", name, invocation.about)


def register_functions(session: Session, account: str, names: Sequence[str]) -> None:
    """Make empty functions of these names in the Lambda API, so that permissions and receipt rules find them.

    moto checks both against its functions, as AWS does. Nothing ever runs in them.
    """
    session.client("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps({"Statement": []}))
    create_functions(session, account, names)


def create_functions(session: Session, account: str, names: Sequence[str]) -> None:
    """The functions alone: roles belong to the account, functions to a region."""
    client = session.client("lambda")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("empty.py", "")
    for name in names:
        client.create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=f"arn:aws:iam::{account}:role/{ROLE}",
            Handler="empty.handler",
            Code={"ZipFile": code.getvalue()},
        )
