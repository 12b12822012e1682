"""The only caller of DynamoDB: one table, plain requests, errors of our own.

PynamoDB's models describe the items and build the expressions; its connection sends them. Items go in and come out
in DynamoDB's own form (`{"attribute": {"S": "text"}}`), so attributes that this version does not know survive every
change.
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.loaders import Loader
from pynamodb.connection import TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.constants import ITEM, KEY

from aliases.records.backoff import pause
from aliases.records.exceptions import ConfigurationError, TableError, TableRefused, TableUnavailable
from aliases.records.keys import PARTITION_KEY, SORT_KEY, TIME_TO_LIVE, Key
from aliases.records.schema import table_description
from aliases.records.translatable import gettext_noop
from aliases.records.translation import LIBRARY_ERRORS, WORTH_REPEATING, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from botocore.session import Session
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action
    from pynamodb.models import Model

    Item = dict[str, dict[str, Any]]

TABLE_VARIABLE = "POSTFIX_DYNAMODB_TABLE"
BATCH_KEYS = 100  # limit of BatchGetItem
TRANSACTION_WRITES = 100  # limit of TransactWriteItems
MOST_TRIES = 5  # of what DynamoDB asks to repeat: unprocessed keys, transactions in conflict

M = TypeVar("M", bound="Model")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one request may take. `attempts` counts the first one too."""

    connect_seconds: float
    read_seconds: float
    attempts: int


# The SES function must answer within 20 s whatever the table does (mailhandlers/ses.py does the sum).
MAIL_LIMITS = Limits(connect_seconds=2.0, read_seconds=2.0, attempts=2)
PATIENT_LIMITS = Limits(connect_seconds=5.0, read_seconds=20.0, attempts=4)


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole item."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Change attributes of one item."""

    key: Key
    actions: Sequence[Action]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove one item."""

    key: Key
    condition: Condition | None = None


Write = Put | Update | Delete


class ServiceLoader(Loader):
    """Loads the data of the services that the mail functions use.

    botocore's own looks through the folders of all four hundred services, twice, before it makes its first client.
    """

    def list_available_services(self, type_name: str) -> list[str]:
        return ["dynamodb", "s3", "ses"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query. `next_key` is None only on the last page: an empty page may have more behind it."""

    items: list[Item]
    next_key: dict[str, Any] | None


def table_name(environment: Mapping[str, str] | None = None) -> str:
    """The table's name from the environment. Raises ConfigurationError when it is not set."""
    name = (os.environ if environment is None else environment).get(TABLE_VARIABLE, "").strip()
    if not name:
        why = gettext_noop(
            "%(variable)s is not set: it names the DynamoDB table that holds the aliases.", variable=TABLE_VARIABLE
        )
        raise ConfigurationError(why)
    return name


def item_key(item: Item) -> Key:
    return Key(item[PARTITION_KEY]["S"], item[SORT_KEY]["S"])


def raw_key(key: Key) -> Item:
    return {PARTITION_KEY: {"S": key.sub_domain}, SORT_KEY: {"S": key.alias_address}}


def to_item(model: Model) -> Item:
    """A PynamoDB model as DynamoDB's own form."""
    return model.serialize()


def from_item(model: type[M], item: Item) -> M:
    """DynamoDB's own form as a PynamoDB model; attributes that the model has not are left out."""
    known = {a.attr_name for a in model.get_attributes().values()}
    return model.from_raw_data({name: value for name, value in item.items() if name in known})


def is_expired(item: Item, now: float) -> bool:
    """Whether its time to live is over; DynamoDB removes such items only days later."""
    expires = item.get("expires", {}).get("N")
    return expires is not None and float(expires) <= now


class Table:
    """The table of one installation. Its client is made on first use and kept, so keep the Table too."""

    def __init__(self, name: str, limits: Limits = PATIENT_LIMITS, region: str | None = None) -> None:
        self.name = name
        self.region = region
        self._connection = TableConnection(
            name,
            region=region,
            connect_timeout_seconds=limits.connect_seconds,
            read_timeout_seconds=limits.read_seconds,
            max_retry_attempts=limits.attempts - 1,
            meta_table=MetaTable(table_description(name)),
        )
        # PynamoDB keeps a session for each thread; this one makes every client, so that all share what it has loaded.
        self.session: Session = self._connection.connection.session
        self.session.register_component("data_loader", ServiceLoader())

    @classmethod
    def from_environment(cls, limits: Limits = PATIENT_LIMITS) -> Table:
        """Raises ConfigurationError when POSTFIX_DYNAMODB_TABLE is not set. No request."""
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return cls(table_name(), limits, region)

    def open(self) -> None:
        """Make the client now, in the thread that made the Table. No request. Raises TableRefused without a region."""
        self._translate(lambda: {"client": self._connection.connection.client})

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """An operation of the DynamoDB API on items or tables, its arguments in the API's own form. Cost: 1 call."""
        return self._translate(lambda: self._connection.connection.dispatch(operation, arguments))

    def time_to_live(self) -> str:
        """The attribute that says when DynamoDB removes an item; empty while it removes none.

        Cost: 1 call (DescribeTimeToLive).
        """
        client: Any = self._connection.connection.client  # PynamoDB's dispatch does not know this operation
        answer = self._translate(lambda: client.describe_time_to_live(TableName=self.name))["TimeToLiveDescription"]
        is_on = answer.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}
        return str(answer.get("AttributeName", "")) if is_on else ""

    def has_time_to_live(self) -> bool:
        """Whether DynamoDB removes our expired items by itself. Cost: 1 call (DescribeTimeToLive)."""
        return self.time_to_live() == TIME_TO_LIVE

    def describe(self) -> dict[str, Any] | None:
        """DescribeTable's answer, or None when there is no such table."""
        try:
            answer: dict[str, Any] = self.call("DescribeTable", {"TableName": self.name})["Table"]
        except TableRefused as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return answer

    def get(self, key: Key) -> Item | None:
        """A consistent read of one item; None when it is absent or expired. Cost: 1 call."""
        answer = self._translate(lambda: self._connection.get_item(*key, consistent_read=True))
        item: Item | None = answer.get(ITEM)
        return None if item is None or is_expired(item, time.time()) else item

    def batch_get(self, keys: Sequence[Key], deadline: float | None = None) -> tuple[dict[Key, Item], set[Key]]:
        """Consistent reads of many items: those found, and the keys that DynamoDB gave no answer for.

        `deadline` is a time.monotonic() moment after which no further request starts.
        Cost: 1 call for each 100 keys, more only for keys that DynamoDB left unprocessed.
        Raises TableError when the very first request fails; later failures leave their keys without an answer.
        """
        found: dict[Key, Item] = {}
        waiting = list(dict.fromkeys(keys))
        tries = 0
        answered = False
        while waiting and tries < MOST_TRIES and not _is_over(deadline):
            batch, rest = waiting[:BATCH_KEYS], waiting[BATCH_KEYS:]
            try:
                items, unprocessed = self._batch_get_once(batch)
            except TableError:
                if not answered:
                    raise
                break
            answered = True
            found.update(items)
            waiting = [*rest, *unprocessed]
            if unprocessed:
                tries += 1
                pause(tries, deadline)
        return found, set(waiting)

    def _batch_get_once(self, keys: list[Key]) -> tuple[dict[Key, Item], list[Key]]:
        request = {self.name: {"Keys": [raw_key(key) for key in keys], "ConsistentRead": True}}
        answer = self.call("BatchGetItem", {"RequestItems": request})
        now = time.time()
        items = {item_key(i): i for i in answer["Responses"].get(self.name, []) if not is_expired(i, now)}
        left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        return items, [item_key(key) for key in left]

    def put(self, item: Item, condition: Condition | None = None) -> None:
        """Cost: 1 call. Raises ConditionFailed."""
        key = item_key(item)
        rest = {name: value for name, value in item.items() if name not in {PARTITION_KEY, SORT_KEY}}
        self._translate(lambda: self._connection.put_item(*key, attributes=rest, condition=condition))

    def update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        """Returns the item as it is now. Cost: 1 call. Raises ConditionFailed."""
        answer = self._translate(
            lambda: self._connection.update_item(
                *key, actions=list(actions), condition=condition, return_values="ALL_NEW"
            )
        )
        item: Item = answer["Attributes"]
        return item

    def delete(self, key: Key, condition: Condition | None = None) -> None:
        """Cost: 1 call. Raises ConditionFailed."""
        self._translate(lambda: self._connection.delete_item(*key, condition=condition))

    def query(
        self,
        partition_key: str,
        sort_condition: Condition | None = None,
        *,
        index: str | None = None,
        newest_first: bool = False,
        page_size: int | None = None,
        start_key: dict[str, Any] | None = None,
    ) -> Iterator[Page]:
        """Every page of a query, to the end. Consistent on the table; an index is always a little behind.

        Cost: 1 call for each megabyte (or `page_size` items).
        """
        while True:
            request = partial(
                self._connection.query,
                partition_key,
                sort_condition,
                index_name=index,
                consistent_read=index is None,
                scan_index_forward=False if newest_first else None,
                limit=page_size,
                exclusive_start_key=start_key,
            )
            answer = self._translate(request)
            start_key = answer.get("LastEvaluatedKey")
            now = time.time()
            yield Page([item for item in answer["Items"] if not is_expired(item, now)], start_key)
            if start_key is None:
                return

    def scan(self) -> Iterator[Page]:
        """Every item of the table, in pages. Cost: 1 call for each megabyte."""
        start_key: dict[str, Any] | None = None
        while True:
            arguments: dict[str, Any] = {"TableName": self.name, "ConsistentRead": True}
            if start_key is not None:
                arguments["ExclusiveStartKey"] = start_key
            answer = self.call("Scan", arguments)
            start_key = answer.get("LastEvaluatedKey")
            yield Page(answer["Items"], start_key)
            if start_key is None:
                return

    def transact(self, writes: Sequence[Write], deadline: float | None = None) -> None:
        """All of the writes or none; at most 100, each to another item. Cost: 1 call, more only after conflicts.

        Raises TransactionCancelled when conditions fail, TableUnavailable when conflicts do not end.
        """
        request: dict[str, Any] = {
            "TransactItems": [self._transact_item(write) for write in writes],
            # One token for all tries: a try that succeeded while its answer was lost is not carried out again.
            "ClientRequestToken": str(uuid.uuid4()),
        }
        for tries in range(1, MOST_TRIES + 1):
            try:
                self.call("TransactWriteItems", dict(request))
            except TableUnavailable as error:
                # What got no answer at all, botocore has tried again already.
                if error.code not in WORTH_REPEATING or tries == MOST_TRIES or _is_over(deadline):
                    raise
                pause(tries, deadline)
            else:
                return

    def _transact_item(self, write: Write) -> dict[str, Any]:
        arguments = self._connection.get_operation_kwargs
        match write:
            case Put():
                rest = {n: v for n, v in write.item.items() if n not in {PARTITION_KEY, SORT_KEY}}
                key = item_key(write.item)
                return {"Put": arguments(*key, key=ITEM, attributes=rest, condition=write.condition)}
            case Update():
                made = arguments(*write.key, key=KEY, actions=list(write.actions), condition=write.condition)
                return {"Update": made}
            case Delete():
                return {"Delete": arguments(*write.key, key=KEY, condition=write.condition)}

    def _translate(self, request: Callable[[], Any]) -> dict[str, Any]:
        """Run one request; every error of the libraries below becomes one of ours, with its cause."""
        try:
            answer: dict[str, Any] = request() or {}
        except LIBRARY_ERRORS as error:
            raise translated(error, self.name) from error
        return answer


def _is_over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline
