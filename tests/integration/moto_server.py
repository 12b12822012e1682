"""AWS over real HTTP for tests: every request is noted, and refused, cut short or held up where a test asks for it.

The fixtures around it are in `moto_fixtures.py`.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import parse_qs

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends

from mailhandlers.local.aws import AwsServer
from mailhandlers.local.moto_ses import extend_moto
from mailhandlers.local.settings import HOST
from tests.support.installation import REGION, TABLE, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OURS = ("POSTFIX_", "TACOMAIL_", "AWS_", "DJANGO_")
READS = ("BatchGetItem", "GetItem", "Query", "Scan")
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
S3_XML = "<Error><Code>{code}</Code><Message>refused by the test</Message></Error>"
SES_XML = "<ErrorResponse>" + S3_XML + "</ErrorResponse>"
LONGEST_WAIT = 15  # for the other one of two processes that shall meet: less than the patience of a client


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire, and the octets of its answer's body."""

    service: str
    operation: str
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of the requests of these operations (none named: all) of a service."""

    service: str
    operations: tuple[str, ...]
    code: str = ""  # the error to answer with
    status: int = 400
    cut_after: int | None = None  # carry it out, but break the connection after so many octets of the answer's body
    hold: Callable[[], object] | None = None  # what it waits for first

    def meets(self, request: Request) -> bool:
        return request.service == self.service and (not self.operations or request.operation in self.operations)


class MotoServer(AwsServer):
    """moto behind a counter and a fault box.

    Each connection serves one request, so that a forked process never shares one with its parent.
    """

    def __init__(self) -> None:
        super().__init__(Path(), lambda: None)
        self.requests: list[Request] = []
        self._faults: list[Fault] = []
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        extend_moto()
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        super().__exit__(*error)

    def reset(self) -> None:
        """Forget all state of moto, every fault and every request."""
        self.cure()
        connection = HTTPConnection(HOST, self.port)
        connection.request("POST", "/moto-api/reset")
        connection.getresponse().read()
        connection.close()
        self.requests.clear()

    def fail(self, service: str, *operations: str, code: str, status: int = 400) -> None:
        """Answer these operations with an error from now on."""
        self._faults.append(Fault(service, operations, code, status))

    def cut(self, service: str, *operations: str, after: int) -> None:
        """Break the connection in the middle of these answers from now on."""
        self._faults.append(Fault(service, operations, cut_after=after))

    def meet(self, service: str, *operations: str) -> None:
        """Hold the next of these requests up until another one is there too."""
        meeting = threading.Barrier(2, action=self.cure, timeout=LONGEST_WAIT)
        self._faults.append(Fault(service, operations, hold=meeting.wait))

    def stall(self, service: str, *operations: str) -> None:
        """Leave these requests without an answer until the server ends."""
        self._faults.append(Fault(service, operations, "ServiceUnavailable", 503, hold=self._ending.wait))

    def cure(self) -> None:
        self._faults.clear()

    def operations(self, service: str) -> list[str]:
        return [request.operation for request in self.requests if request.service == service]

    def octets(self, service: str, operation: str) -> int:
        """How much the answers to this operation held."""
        return sum(r.octets for r in self.requests if (r.service, r.operation) == (service, operation))

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(announced)
        if len(sent) < announced:  # the sender died over it
            start_response("400 Bad Request", [])
            return []
        environ["wsgi.input"] = BytesIO(sent)
        request = _request(environ, sent)
        content = self._content(environ, _closing(start_response), request)
        self.requests.append(replace(request, octets=len(content)))
        return [content]

    def _content(self, environ: WSGIEnvironment, start_response: StartResponse, request: Request) -> bytes:
        fault = next((fault for fault in self._faults if fault.meets(request)), None)
        if fault is not None and fault.hold is not None:
            fault.hold()
        if fault is not None and fault.code:
            content = _refusal(fault)
            start_response(f"{fault.status} Refused", [("Content-Length", str(len(content)))])
            return content
        content = self._carried_out(environ, start_response)
        return content if fault is None else content[: fault.cut_after]

    def _carried_out(self, environ: WSGIEnvironment, start_response: StartResponse) -> bytes:
        answer = super()._answer(environ, start_response)
        try:
            return b"".join(answer)
        finally:
            close: Callable[[], object] = getattr(answer, "close", lambda: None)
            close()


def _closing(start_response: StartResponse) -> StartResponse:
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        return start_response(status, [*headers, ("Connection", "close")], exc_info)

    return start


def _request(environ: WSGIEnvironment, sent: bytes) -> Request:
    signed = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0].split("/")
    service = signed[3] if len(signed) > 3 else ""
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if target:
        return Request(service, target)
    if service == "s3":
        return Request(service, _bucket_operation(environ))
    return Request(service, parse_qs(sent.decode("latin-1")).get("Action", [""])[0])


def _bucket_operation(environ: WSGIEnvironment) -> str:
    noun = "Object" if "/" in environ["PATH_INFO"].strip("/") else "Bucket"
    if "HTTP_X_AMZ_COPY_SOURCE" in environ:
        return "CopyObject"
    return f"{environ['REQUEST_METHOD'].capitalize()}{noun}"


def _refusal(fault: Fault) -> bytes:
    if fault.service == "dynamodb":
        kind = f"com.amazonaws.dynamodb.v20120810#{fault.code}"
        return json.dumps({"__type": kind, "message": "refused by the test"}).encode()
    text = S3_XML if fault.service == "s3" else SES_XML
    return text.format(code=fault.code).encode()


def process_environment(server: MotoServer, root: Path, **more: str) -> dict[str, str]:
    """The environment of a process that runs the mail functions against this server."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**inherited, **environment(root), "AWS_ENDPOINT_URL": server.endpoint, **more}


@contextmanager
def reached(server: MotoServer, root: Path) -> Iterator[None]:
    """This process's own requests go to the server too."""
    with mock.patch.dict(os.environ, {**environment(root), "AWS_ENDPOINT_URL": server.endpoint}):
        yield


def table_state() -> Any:
    """The table as it is, for `restore`: making it again takes many requests."""
    return deepcopy(dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE])


def restore(state: Any) -> None:
    """The table as it was, and no bounce sent since."""
    dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE] = deepcopy(state)
    sent: list[Any] = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    sent.clear()
