"""Columns that an item lacks, counting, and what else a row of the generic mapping may meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DataError
from django.db.models import F

from aliases.records.keys import Key
from tests.aliases.backend.models import Book, Ticket
from tests.aliases.backend.rows import sent_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

books: Any = Book.objects
PARTITION = "django:backend_tests_book"


def old_item(table: SiteTable, key: int, **data: Any) -> None:
    """A row that was written before the model had all of its columns."""
    table.put({
        "sub_domain": {"S": PARTITION},
        "alias_address": {"S": str(key)},
        "data": {"M": {"id": {"N": str(key)}, **data}},
    })  # fmt: skip


@pytest.fixture
def old(empty_site: SiteTable) -> None:
    old_item(empty_site, 1)


@pytest.mark.usefixtures("old")
def test_a_column_that_an_item_lacks_has_its_default() -> None:
    book = books.get()
    assert (book.title, book.pages, book.rating, book.shelf_id, book.price) == ("", 100, None, None, 1)


@pytest.mark.usefixtures("old")
def test_it_is_found_by_its_default() -> None:
    assert books.filter(pages=100, title="").count() == 1
    assert books.exclude(pages=100).count() == 0


@pytest.mark.usefixtures("old")
def test_counting_begins_at_the_default() -> None:
    books.update(pages=F("pages") + 1)
    books.update(pages=F("pages") - 3)
    assert books.get().pages == 98


@pytest.mark.usefixtures("old")
def test_counting_what_is_null_leaves_null() -> None:
    assert books.update(rating=F("rating") + 1) == 1
    assert books.get().rating is None
    assert books.update(rating=F("rating") + 1, title="other changes are made") == 1
    assert books.get().title == "other changes are made"


def test_a_count_is_one_addition_that_dynamodb_carries_out(empty_site: SiteTable) -> None:
    books.create(title="x")
    with sent_requests(empty_site) as sent:
        books.update(pages=F("pages") + 7, rating=1.5)
    ((_, update),) = [request for request in sent if request[0] == "UpdateItem"]
    assert update["UpdateExpression"].count("if_not_exists (") == 1
    assert {"N": "7"} in update["ExpressionAttributeValues"].values()
    assert (books.get().pages, books.get().rating) == (107, 1.5)
    books.update(rating=F("rating") + 0.25)
    assert books.get().rating == 1.75


def test_counting_a_text_is_refused_and_changes_nothing(empty_site: SiteTable) -> None:
    old_item(empty_site, 1, pages={"S": "many"})
    with pytest.raises(DataError, match=r"backend_tests\.Book\.pages holds 'many', which is no number"):
        books.update(pages=F("pages") + 1, title="x")
    item = empty_site.get(Key(PARTITION, "1"))
    assert item is not None
    assert item["data"]["M"] == {"id": {"N": "1"}, "pages": {"S": "many"}}


@pytest.mark.usefixtures("old")
def test_null_takes_the_column_out_of_the_item(empty_site: SiteTable) -> None:
    books.update(rating=2.0)
    books.update(rating=None)
    item = empty_site.get(Key(PARTITION, "1"))
    assert item is not None
    assert item["data"]["M"] == {"id": {"N": "1"}}


@pytest.mark.usefixtures("empty_site")
def test_a_default_that_is_made_is_made_for_each_row() -> None:
    one, other = Ticket.objects.create(), Ticket.objects.create()
    assert one.pk != other.pk
    assert {ticket.pk for ticket in Ticket.objects.all()} == {one.pk, other.pk}


def test_what_else_an_item_holds_survives(empty_site: SiteTable) -> None:
    old_item(empty_site, 1, retired_column={"S": "kept"})
    books.update(title="new")
    item = empty_site.get(Key(PARTITION, "1"))
    assert item is not None
    assert item["data"]["M"]["retired_column"] == {"S": "kept"}
