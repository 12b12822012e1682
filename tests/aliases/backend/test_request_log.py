"""settings.LOGGING can show each request to DynamoDB with the capacity that it consumed."""

from __future__ import annotations

import io
import logging
import logging.config
import re
from typing import TYPE_CHECKING, Any

import pytest

from aliases.backend.table import consumed, open_table
from aliases.models import Alias
from aliases.records.batches import put_items
from tests.aliases.backend.models import Book
from tests.aliases.backend.rows import made
from tests.support.installation import TABLE
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

NAME = "aliases.backend.requests"


@pytest.fixture
def shown() -> Iterator[io.StringIO]:
    """What a LOGGING setting like the one in docs/backend.md shows."""
    stream = io.StringIO()
    logger = logging.getLogger(NAME)
    before = logger.level, logger.propagate, logger.handlers[:]
    logging.config.dictConfig({
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"requests": {"class": "logging.StreamHandler", "stream": stream}},
        "loggers": {NAME: {"handlers": ["requests"], "level": "DEBUG"}},
    })  # fmt: skip
    yield stream
    logger.level, logger.propagate, logger.handlers[:] = before


def lines(stream: io.StringIO) -> list[str]:
    found = stream.getvalue().splitlines()
    stream.truncate(0)
    stream.seek(0)
    return found


def test_a_read_and_a_write_and_a_query_show_their_units(shown: io.StringIO) -> None:
    shop = made("shop")
    assert lines(shown) == ["PutItem consumed 1.0 units"]
    Alias.objects.get(pk=shop.pk)
    assert lines(shown) == ["GetItem consumed 0.5 units"]
    list(Alias.objects.filter(sub_domain=DOMAIN))
    assert lines(shown) == ["Query consumed 1.0 units"]


def test_a_batch_and_a_transaction_show_the_units_of_their_table(shown: io.StringIO) -> None:
    shop = made("shop")
    lines(shown)
    list(Book.objects.filter(pk__in=[1, 2]))
    shop.alias_address = "store"
    shop.save()
    batch, read, transaction = lines(shown)
    assert re.fullmatch(r"BatchGetItem consumed [\d.]+ units", batch)
    assert read == "GetItem consumed 0.5 units"
    assert re.fullmatch(r"TransactWriteItems consumed [\d.?]+ units", transaction)


def test_a_batch_of_writes_is_shown_and_remembered(shown: io.StringIO, site: SiteTable) -> None:
    shop = made("shop")
    (item,) = [item for item in site.own.written().values() if item]
    Alias.objects.all().delete()
    lines(shown)
    assert put_items(site, [item]) == 1
    assert [line.split()[0] for line in lines(shown)] == ["BatchWriteItem"]
    assert site.own.key_of(shop.pk or item["identifier"]["S"]) is not None


def test_a_request_that_is_refused_is_shown_too(shown: io.StringIO, site: SiteTable) -> None:
    made("shop")
    lines(shown)
    with pytest.raises(Exception, match="exists already"):
        made("shop")
    assert [line.split()[0] for line in lines(shown)] == ["PutItem"]


def test_a_table_that_is_opened_anew_shows_its_requests(shown: io.StringIO) -> None:
    open_table(f"{TABLE}-2").describe()
    assert [line.split()[0] for line in lines(shown)] == ["DescribeTable"]


def test_without_the_setting_nothing_is_shown(shown: io.StringIO) -> None:
    logging.getLogger(NAME).setLevel(logging.INFO)
    made("shop")
    assert lines(shown) == []


@pytest.mark.parametrize(
    ("capacity", "text"),
    [
        ({"CapacityUnits": 2.5}, "2.5 units"),
        ([{"CapacityUnits": 1.0}, {"CapacityUnits": 2.0}], "1.0 units + 2.0 units"),
        (None, "? units"),
        ([], "? units"),
    ],
)
def test_units_in_the_shapes_that_the_api_has(capacity: Any, text: str) -> None:
    assert consumed(capacity) == text
