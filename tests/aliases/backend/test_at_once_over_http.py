"""Several threads do things at once, over HTTP: what SQL would serialise with locks is right here too."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, OperationalError, connections
from django.db.models import F

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import open_table
from aliases.models import Alias
from tests.aliases.backend.models import Book, Shelf
from tests.aliases.backend.rows import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import DjangoDbBlocker

    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

THREADS = 6
TIMES = 10


@pytest.fixture(autouse=True)
def _site(served: Installation, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    open_table().own = OwnWrites()
    with django_db_blocker.unblock():
        yield


def at_once(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """What the work gives for 0, 1, 2, ..., all begun together. An error of the database is what it gives, too."""
    results: dict[int, Any] = {}
    start = threading.Barrier(threads)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = work(number)
        except (IntegrityError, OperationalError) as error:
            results[number] = error
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert len(results) == threads, "a thread failed in another way"
    return [results[number] for number in range(threads)]


def test_increments_all_count() -> None:
    book = Book.objects.create(title="x", pages=0)

    def count(_: int) -> None:
        for _time in range(TIMES):
            assert Book.objects.filter(pk=book.pk).update(pages=F("pages") + 1) == 1

    at_once(count)
    book.refresh_from_db()
    assert book.pages == THREADS * TIMES


def test_of_several_who_claim_a_row_one_gets_it() -> None:
    book = Book.objects.create(title="free")
    claims = at_once(lambda number: Book.objects.filter(pk=book.pk, title="free").update(title=f"of {number}"))
    assert sorted(claims) == [0] * (THREADS - 1) + [1]
    book.refresh_from_db()
    assert book.title == f"of {claims.index(1)}"


def test_a_row_that_several_get_or_create_is_made_once() -> None:
    results = at_once(lambda number: Shelf.objects.get_or_create(name="left", defaults={"room": str(number)}))
    assert sorted(made for _, made in results) == [False] * (THREADS - 1) + [True]
    assert len({shelf.room for shelf, _ in results}) == 1


def test_no_number_is_given_twice() -> None:
    keys = at_once(lambda _: [Book.objects.create(title="x").pk for _ in range(5)])
    assert len({key for some in keys for key in some}) == 5 * THREADS == Book.objects.count()


def test_an_address_is_taken_once() -> None:
    results = at_once(lambda _: made("wanted"))
    assert sum(isinstance(result, Alias) for result in results) == 1
    assert all("exists already" in str(error) for error in results if not isinstance(error, Alias))
    assert Alias.objects.filter(alias_address="wanted").count() == 1


def test_two_operators_save_one_alias_while_its_uses_are_counted() -> None:
    alias = made("busy")
    forms = [Alias.objects.get(pk=alias.pk) for _ in range(2)]  # both left open

    def work(number: int) -> None:
        if number == 0:
            forms[0].description = "by the first"
            forms[0].save()
        elif number == 1:
            forms[1].active_alias = False
            forms[1].save()
        else:
            for _time in range(25):
                Alias.objects.filter(pk=alias.pk).update(use_count=F("use_count") + 1)

    at_once(work)
    alias.refresh_from_db()
    assert (alias.description, alias.active_alias, alias.use_count) == ("by the first", False, 25 * (THREADS - 2))


def test_a_rename_among_counted_uses_loses_none() -> None:
    alias = made("busy")

    def work(number: int) -> Any:
        if number == 0:
            form = Alias.objects.get(pk=alias.pk)
            form.alias_address = "calm"
            return form.save()
        return sum(Alias.objects.filter(pk=alias.pk).update(use_count=F("use_count") + 1) for _ in range(TIMES))

    renamed, *counted = at_once(work, threads=3)
    found = Alias.objects.get(pk=alias.pk)
    assert found.use_count == sum(counted) == 2 * TIMES
    assert found.alias_address == ("busy" if isinstance(renamed, OperationalError) else "calm")


def test_two_who_rename_to_one_address_end_with_two_aliases() -> None:
    forms = [made("one"), made("other")]

    def work(number: int) -> None:
        forms[number].alias_address = "wanted"
        forms[number].save()

    results = at_once(work, threads=2)
    assert sorted(isinstance(result, IntegrityError) for result in results) == [False, True]
    names = set(Alias.objects.filter(pk__in=[form.pk for form in forms]).values_list("alias_address", flat=True))
    assert names in ({"wanted", "one"}, {"wanted", "other"})
