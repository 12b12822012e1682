"""Every error of the libraries below becomes one of ours: unavailable for now, or refused until somebody mends it."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from aliases.records.alias import Alias
from aliases.records.connection import Delete, Limits, Put, Table
from aliases.records.exceptions import ConditionFailed, TableError, TableRefused, TableUnavailable, TransactionCancelled
from aliases.records.keys import Key
from aliases.records.translation import translated
from tests.aliases.records.inputs import ENVIRONMENT, REGION, SHOP, TABLE, read
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aliases.records.connection import Write
    from tests.aliases.records.wire import Wire

ITEM = {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": "shop"}}
ENDPOINT = "http://127.0.0.1:1"
TRANSIENT = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "InternalServerError",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "TransactionInProgressException",
]
LASTING = [
    "ResourceNotFoundException",
    "AccessDeniedException",
    "ValidationException",
    "UnrecognizedClientException",
    "ExpiredTokenException",
    "SomethingNewException",
]
OPERATIONS: dict[str, Callable[[Table], Any]] = {
    "GetItem": lambda table: table.get(SHOP),
    "BatchGetItem": lambda table: table.batch_get([SHOP]),
    "PutItem": lambda table: table.put(ITEM),
    "UpdateItem": lambda table: table.update(SHOP, [Alias.active_alias.set(True)]),
    "DeleteItem": lambda table: table.delete(SHOP),
    "Query": lambda table: list(table.query("taco.example")),
    "Scan": lambda table: list(table.scan()),
    "TransactWriteItems": lambda table: table.transact([Put(ITEM)]),
    "DescribeTable": lambda table: table.describe(),
    "DescribeTimeToLive": lambda table: table.has_time_to_live(),
}


def failure(wire: Wire, operation: str, answer: Refusal | Exception) -> TableError:
    wire.answer_always(operation, answer)
    with pytest.raises(TableError) as failed:
        OPERATIONS[operation](wire.table)
    return failed.value


def test_every_trouble_of_the_catalogue_is_tried_here() -> None:
    named = {name for name in read("scenarios/unreliable_table.json")["given"]["dynamodb"] if " " not in name}
    assert named - set(TRANSIENT) - set(LASTING) == {"ReadTimeout", "EndpointConnectionError"}


@pytest.mark.parametrize("code", TRANSIENT)
def test_trouble_that_passes_is_unavailable_for_every_operation(wire: Wire, waits: list[float], code: str) -> None:
    for operation in OPERATIONS:
        error = failure(wire, operation, Refusal(code, "try later"))
        assert type(error) is TableUnavailable
        assert error.code == code
        assert str(error) == f"The table tacomail is busy ({code}): try later"
        assert isinstance(error.__cause__, Exception)


@pytest.mark.parametrize("code", LASTING)
def test_trouble_that_stays_is_refused_for_every_operation(wire: Wire, code: str) -> None:
    for operation in OPERATIONS:
        if (operation, code) == ("DescribeTable", "ResourceNotFoundException"):
            continue  # that is an answer: there is no such table
        error = failure(wire, operation, Refusal(code, "not like this"))
        assert type(error) is TableRefused
        assert error.code == code
        assert str(error) == f"The table tacomail refused the request ({code}): not like this"


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url=ENDPOINT),
        ConnectTimeoutError(endpoint_url=ENDPOINT),
        EndpointConnectionError(endpoint_url=ENDPOINT),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_table_that_is_out_of_reach_is_unavailable_for_every_operation(
    wire: Wire, waits: list[float], error: Exception
) -> None:
    for operation in OPERATIONS:
        found = failure(wire, operation, error)
        assert type(found) is TableUnavailable
        assert found.code == type(error).__name__
        assert str(found).startswith("The table tacomail cannot be reached: ")


def test_missing_credentials_are_refused_since_only_somebody_can_mend_them(wire: Wire) -> None:
    assert type(failure(wire, "GetItem", NoCredentialsError())) is TableRefused


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "DeleteItem"])
def test_a_condition_that_does_not_hold_is_its_own_error(wire: Wire, operation: str) -> None:
    error = failure(wire, operation, Refusal("ConditionalCheckFailedException"))
    assert type(error) is ConditionFailed
    assert str(error) == "A condition on the table tacomail did not hold."


def test_a_condition_that_does_not_hold_in_the_table_writes_nothing(table: Table, rows: Any) -> None:
    table.put(ITEM, Alias.sub_domain.does_not_exist())
    with pytest.raises(ConditionFailed):
        table.put({**ITEM, "note": {"S": "new"}}, Alias.sub_domain.does_not_exist())
    with pytest.raises(ConditionFailed):
        table.delete(Key("taco.example", "nosuch"), Alias.sub_domain.exists())
    assert "note" not in rows.get_item(Key=SHOP._asdict())["Item"]


def test_a_cancelled_transaction_says_which_conditions_failed(table: Table, rows: Any) -> None:
    absent = Alias.sub_domain.exists()
    writes: list[Write] = [Delete(Key("a.example", "a"), absent), Put(ITEM), Delete(Key("b.example", "b"), absent)]
    with pytest.raises(TransactionCancelled) as cancelled:
        table.transact(writes)
    assert cancelled.value.failed == (0, 2)
    assert rows.scan()["Items"] == []


def test_a_server_error_without_a_code_of_dynamodb_is_unavailable(wire: Wire, waits: list[float]) -> None:
    """A load balancer in between answers so, and the same request may succeed a moment later."""
    for status in (500, 502, 503):
        assert type(failure(wire, "GetItem", Refusal(str(status), "Bad Gateway", status=status))) is TableUnavailable
        assert type(failure(wire, "GetItem", Refusal("SomethingNew", status=status))) is TableUnavailable


def test_an_error_without_any_code_is_still_one_of_ours() -> None:
    assert type(translated(ClientError({}, "GetItem"), "tacomail")) is TableRefused


class Slow(BaseHTTPRequestHandler):
    """Takes a request and gives no answer until the server closes."""

    closing = threading.Event()

    def do_POST(self) -> None:
        self.closing.wait(30)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        pass


class Broken(Slow):
    """Answers as a load balancer does when nothing behind it is left."""

    def do_POST(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b"<html><body>Service Unavailable</body></html>")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture(params=[Slow, Broken], ids=["slow", "broken"])
def server(request: pytest.FixtureRequest, environment: pytest.MonkeyPatch) -> Iterator[None]:
    """A DynamoDB on this machine that is of no use."""
    request.param.closing = threading.Event()
    made = ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    environment.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{made.server_port}")
    yield
    request.param.closing.set()
    made.shutdown()
    thread.join()
    made.server_close()


SHORT = Limits(connect_seconds=0.2, read_seconds=0.2, attempts=1)


def test_a_server_that_gives_no_answer_or_a_broken_one_is_unavailable(server: None) -> None:
    with pytest.raises(TableUnavailable):
        Table(TABLE, SHORT, REGION).get(SHOP)


def test_a_port_at_which_nobody_listens_is_unavailable(environment: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        environment.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(TableUnavailable, match="The table tacomail cannot be reached"):
            Table(TABLE, SHORT, REGION).get(SHOP)


def test_without_a_region_the_error_is_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(TableError):
        Table(TABLE, SHORT).get(SHOP)
