"""What a call of the API costs: requests to the table, its token and the count of its calls included; and time."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from mailhandlers.local.settings import HOST, POLL_SECONDS
from tests.bench.figures import Figure
from tests.bench.site import ALIASES, DOMAIN, USERNAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.integration.moto_server import MotoServer

CREATE, LOOK_UP, SEARCH = 4, 3, 5  # the bars
NEW = {"domain": DOMAIN, "destination": "alice@tacomail"}
SECONDS = 2.0  # for each of the two that are timed
EXACT = f"bench0600@{DOMAIN}"  # none that the pages have changed


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the API, what it is for people, and how many requests it may take."""

    name: str
    most: int
    method: str
    path: str
    body: dict[str, Any] | None = None


CALLS = (
    Call("older routes, an exact address", LOOK_UP, "GET", f"/alias?alias={EXACT}"),
    Call(f"older routes, search of {ALIASES:,} aliases", SEARCH, "GET", "/alias?q=BENCH09"),
    Call("older routes, a new alias", CREATE, "POST", "/alias", {**NEW, "alias": "older"}),
    Call("modern paths, an exact address", LOOK_UP, "GET", f"/api/v1/aliases?address={EXACT}"),
    Call(f"modern paths, search of {ALIASES:,} aliases", SEARCH, "GET", "/api/v1/aliases?q=BENCH09&state=active"),
    Call("modern paths, a new alias", CREATE, "POST", "/api/v1/aliases", {"name": "modern", "domain": DOMAIN}),
    Call("modern paths, a new alias of which nothing is said", CREATE, "POST", "/api/v1/aliases"),
    Call(
        f"addy.io's dialect, a page of {ALIASES:,} aliases", SEARCH, "GET",
        "/addy/api/v1/aliases?filter[search]=bench09&page[number]=2&page[size]=10",
    ),
    Call("addy.io's dialect, a new alias", CREATE, "POST", "/addy/api/v1/aliases", {"domain": DOMAIN}),
    Call(
        f"SimpleLogin's dialect, a page of {ALIASES:,} aliases", SEARCH, "POST",
        "/simplelogin/api/v2/aliases?page_id=2", {"query": "bench09"},
    ),
    Call(
        "SimpleLogin's dialect, a new alias", CREATE, "POST",
        "/simplelogin/api/alias/random/new?hostname=shop.example.com", {"note": ""},
    ),
)  # fmt: skip


def api_figures(aws: MotoServer) -> Iterator[Figure]:
    """After `site_figures`, which makes the operator and the aliases. Each call in a process that served one before."""
    from django.test import Client

    headers = {"Authorization": f"Bearer {_token()}"}
    client = Client()
    client.get("/alias?alias=nobody@taco.example", headers=headers)
    for call in CALLS:
        aws.requests.clear()
        sent = "" if call.body is None else json.dumps(call.body)
        answer = client.generic(call.method, call.path, sent, content_type="application/json", headers=headers)
        assert answer.status_code in {200, 201}, (call.name, answer.status_code, answer.content)
        count = len(aws.operations("dynamodb"))
        yield Figure(f"API, {call.name}: requests to the table", str(count), str(call.most), count <= call.most)
    yield _speed(headers)


def _speed(headers: Mapping[str, str]) -> Figure:
    """One after another, each over a connection of its own, as a script with curl asks."""
    with _served() as port:
        plain = _per_second(port, "/plain", {})
        look_up = _per_second(port, f"/alias?alias={EXACT}", headers)
    name = "API on loopback: exact addresses in a second, beside a view that does nothing"
    return Figure(name, f"{look_up:.0f} beside {plain:.0f}, 1 to {plain / look_up:.1f}")


@contextmanager
def _served() -> Iterator[int]:
    """The port of the site in this process, with the view that does nothing."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.test import override_settings

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name in the standard library
            """The table is the only output."""

    with override_settings(ROOT_URLCONF="tests.bench.plain", ALLOWED_HOSTS=[HOST]):
        server = ThreadedWSGIServer((HOST, 0), Quiet)
        server.set_app(WSGIHandler())
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _per_second(port: int, path: str, headers: Mapping[str, str]) -> float:
    _ask(port, path, headers)
    started, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - started) < SECONDS:
        _ask(port, path, headers)
        count += 1
    return count / passed


def _ask(port: int, path: str, headers: Mapping[str, str]) -> None:
    connection = HTTPConnection(HOST, port)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    connection.close()


def _token() -> str:
    from aliases.api.callers import Scope
    from tacomail_site.accounts.tokens import make_token
    from tacomail_site.models import Operator

    return make_token(Operator.objects.get(pk=USERNAME), "bench", [Scope.WRITE]).text
