"""Primary keys of documents: sequences, keys given by hand, text, UUIDs, moments, and what cannot be one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DataError, IntegrityError

from tests.aliases.backend.models import Book, Moment, Shelf, Ticket
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("empty_site")

books: Any = Book.objects


def test_new_rows_get_the_next_numbers() -> None:
    assert [books.create(title="x").pk for _ in range(3)] == [1, 2, 3]
    assert [book.pk for book in books.bulk_create([Book(), Book()])] == [4, 5]


def test_a_number_costs_one_request_more() -> None:
    with counted_requests() as requests:
        books.create(title="x")
    assert requests.operations == ["UpdateItem", "PutItem"]


def test_a_deleted_number_is_not_given_again() -> None:
    books.create(title="x").delete()
    assert books.create(title="y").pk == 2


def test_numbers_given_by_hand_are_stepped_over() -> None:
    for number in (1, 2, 4):
        books.create(pk=number)
    new = [books.create(title="new").pk for _ in range(3)]
    assert len({1, 2, 4, *new}) == 6
    assert books.count() == 6


def test_a_long_block_of_numbers_given_by_hand_is_stepped_over_in_growing_strides() -> None:
    books.bulk_create([Book(pk=number) for number in range(1, 151)])
    with counted_requests() as requests:
        assert books.create(title="new").pk > 150
    assert len(requests) <= 20
    with counted_requests() as requests:
        books.create(title="next")
    assert len(requests) == 2


def test_when_no_number_is_found_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aliases.backend.documents.MOST_TAKEN", 2)
    books.bulk_create([Book(pk=number) for number in range(1, 10)])
    with pytest.raises(IntegrityError, match=r"backend_tests\.Book: no free key was found in 2 tries"):
        books.create(title="x")


def test_a_key_that_is_taken_is_an_integrity_error_and_the_row_stays() -> None:
    books.create(pk=7, title="first")
    with pytest.raises(IntegrityError, match=r"backend_tests\.Book with the key 7 exists already"):
        books.create(pk=7, title="second")
    assert books.get(pk=7).title == "first"


def test_a_key_of_another_kind_is_not_made_up() -> None:
    with pytest.raises(IntegrityError, match=r"backend_tests\.Moment needs a primary key"):
        Moment.objects.bulk_create([Moment()])


def test_a_uuid_is_found_in_any_spelling() -> None:
    ticket = Ticket.objects.create()
    assert Ticket.objects.get(pk=ticket.pk) == ticket
    assert Ticket.objects.get(pk=str(ticket.pk).upper()) == ticket
    assert Ticket.objects.get(pk=ticket.pk.hex) == ticket
    assert not Ticket.objects.filter(pk=uuid.uuid4()).exists()


def test_a_moment_is_found_in_any_time_zone() -> None:
    Moment.objects.create(at=datetime(2024, 1, 1, 12, tzinfo=UTC))
    assert Moment.objects.filter(pk=datetime(2024, 1, 1, 14, tzinfo=timezone(timedelta(hours=2)))).exists()


@pytest.mark.parametrize(
    "name",
    ["a b", "ä ö", "a/b:c#d", "'; DROP TABLE x", "\x00", "\n", "😀", "%_", ".", "[0]", "a.b[1]", "x" * 1024, "ﬁ"],
)
def test_an_odd_key_is_a_key(name: str) -> None:
    Shelf.objects.create(name=name, room="x")
    assert Shelf.objects.filter(pk=name).update(room="y") == 1
    assert Shelf.objects.get(pk=name).room == "y"
    assert [shelf.name for shelf in Shelf.objects.filter(pk__in=[name, "other"])] == [name]
    assert Shelf.objects.filter(pk=name).delete()[0] == 1


@pytest.mark.parametrize("name", ["", "x" * 1025, "é" * 513, "\ud800"])
def test_what_cannot_be_a_key_is_not_found_without_asking_and_not_kept(name: str) -> None:
    with counted_requests() as requests:
        assert not Shelf.objects.filter(pk=name).exists()
        assert not Shelf.objects.filter(pk__in=[name, name + name]).exists()
        assert Shelf.objects.filter(pk=name).delete()[0] == 0
    assert requests.operations == []
    with pytest.raises(DataError):
        Shelf.objects.create(name=name)
    assert Shelf.objects.count() == 0


def test_more_keys_than_a_batch_holds_are_all_found() -> None:
    Shelf.objects.bulk_create([Shelf(name=f"s{n}") for n in range(0, 250, 50)])
    with counted_requests() as requests:
        found = Shelf.objects.filter(pk__in=[f"s{n}" for n in range(250)])
        assert len(found) == 5
    assert requests.operations == ["BatchGetItem"] * 3


def test_rows_of_one_model_are_no_rows_of_another(empty_site: SiteTable) -> None:
    Shelf.objects.create(name="1")
    assert not books.filter(pk=1).exists()
    assert books.count() == 0
