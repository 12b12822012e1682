"""A table for each test of the records, on in-process moto: no bucket and no mail here, so that it is cheap."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler

from aliases.records.connection import Table
from aliases.records.messages import MessageStore
from aliases.records.registry import Registry
from aliases.records.schema import ensure_table
from aliases.records.store import AliasStore
from tests.aliases.records.inputs import ENVIRONMENT, REGION, TABLE, alias_rows, configuration_rows
from tests.aliases.records.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def moto_rows() -> Iterator[Any]:
    """boto3's view of the table, while moto plays DynamoDB one call at a time.

    DynamoDB carries out each call as a whole; moto copies the table, changes it and puts the copy back.
    """
    lock = threading.Lock()
    call = DynamoHandler.call_action

    def one_at_a_time(handler: DynamoHandler) -> Any:
        with lock:
            return call(handler)

    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setattr(DynamoHandler, "call_action", one_at_a_time)
        yield boto3.resource("dynamodb", REGION).Table(TABLE)


@pytest.fixture(scope="module")
def module_table(moto_rows: Any) -> Table:
    """One connection for the tests of a module: making a client takes longer than most tests."""
    return Table(TABLE, region=REGION)


@pytest.fixture
def connection(module_table: Table, monkeypatch: pytest.MonkeyPatch) -> Table:
    """The connection, whatever there is behind it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return module_table


@pytest.fixture
def no_table(connection: Table) -> Iterator[Table]:
    """The connection while there is no table yet; what the test makes is gone after it."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    tables.pop(TABLE, None)
    yield connection
    tables.pop(TABLE, None)


@pytest.fixture
def table(connection: Table) -> Table:
    """An empty table. It is made once for a module, and emptied where that takes no request."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    if TABLE in tables:
        tables[TABLE].items.clear()
    else:
        ensure_table(connection, wait_seconds=0)
    return connection


@pytest.fixture
def rows(table: Table, moto_rows: Any) -> Any:
    """The table as boto3 shows it, for filling it and looking at it from outside."""
    return moto_rows


@pytest.fixture
def filled(table: Table, rows: Any) -> Table:
    """A table with what tests/fixtures/aliases.json says."""
    with rows.batch_writer() as batch:
        for row in (*alias_rows(), *configuration_rows()):
            batch.put_item(row)
    return table


@pytest.fixture
def store(table: Table) -> AliasStore:
    return AliasStore(table)


@pytest.fixture
def registry(table: Table) -> Registry:
    return Registry(table)


@pytest.fixture
def messages(table: Table) -> MessageStore:
    return MessageStore(table)


@pytest.fixture(scope="module")
def module_wire(moto_rows: Any) -> Wire:
    return Wire(Table(TABLE, region=REGION))


@pytest.fixture
def wire(table: Table, module_wire: Wire) -> Wire:
    """A connection of its own to the same table, whose requests are noted and may be answered by the test."""
    module_wire.forget()
    return module_wire


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that the code asks for; they pass at once."""
    asked: list[float] = []
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked
