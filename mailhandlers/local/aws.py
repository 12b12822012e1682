"""The AWS APIs over HTTP: moto's application, served from a thread on 127.0.0.1.

moto has a server class of its own for this. It cannot say that its port is taken (it waits for ever), it has no
place to notice that something was written, which is what saving the state hangs on, and it lets requests run into one
another: moto undoes a failed transaction by putting back a copy of the whole table, and with it loses what others wrote
in the meantime. So requests to the table run one after another here, and so do requests to the bucket.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from mailhandlers.local.environment import WHO_PATH
from mailhandlers.local.settings import HOST, POLL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Self

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READING_OPERATIONS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "TransactGet")


class _QuietRequestHandler(MotoRequestHandler):
    """Without a line in the log for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


class AwsServer:
    """moto behind one door: tells `changed` after every request that may have written something."""

    def __init__(self, folder: Path, changed: Callable[[], None]) -> None:
        self._folder = folder
        self._changed = changed
        self._one_at_a_time = {"table": threading.Lock(), "bucket": threading.Lock()}
        self._application: WSGIApplication = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(HOST, 0, self._answer, threaded=True, request_handler=_QuietRequestHandler)
        self._thread = threading.Thread(target=self._serve, name="aws", daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=POLL_SECONDS)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == WHO_PATH:
            start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(self._folder).encode()]
        with self._one_at_a_time.get(_touched(environ), nullcontext()):
            answer = self._application(environ, start_response)
        if _may_write(environ):
            self._changed()
        return answer


def _touched(environ: dict[str, Any]) -> str:
    """What a request is about, as far as we care: the table, the bucket, or something else.

    Only DynamoDB names its operation in a header. SES and IAM send everything to `/`; they must not wait for the
    bucket, since the outbox asks it for the sender of a bounced message while SES is still answering.
    """
    if "HTTP_X_AMZ_TARGET" in environ:
        return "table"
    return "bucket" if environ.get("PATH_INFO") != "/" else ""


def _may_write(environ: dict[str, Any]) -> bool:
    """Whether a request may have changed the table or an object; when in doubt it may."""
    match _touched(environ):
        case "table":
            operation = environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]
            return not operation.startswith(READING_OPERATIONS)
        case "bucket":
            return environ["REQUEST_METHOD"] not in READING_METHODS
        case _:
            return False
