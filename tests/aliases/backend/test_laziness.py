"""When rows are read: as they are asked for, no more than needed, and as often as Django's users expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import F

from aliases.models import Alias, MessageLog
from tests.aliases.backend.models import Book, Shelf
from tests.aliases.backend.rows import logged, made, names
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from tests.aliases.records.wire import Wire

pytestmark = pytest.mark.usefixtures("site")

aliases: Any = Alias.objects


def pages(*names_of_a_page: list[str]) -> list[dict[str, Any]]:
    """Answers to a Query, one page each; all but the last say that there is more."""
    answers = [{"Items": [item(name) for name in names]} for names in names_of_a_page]
    more = {"LastEvaluatedKey": {"sub_domain": {"S": DOMAIN}, "alias_address": {"S": "x"}}}
    return [{**answer, **(more if number < len(answers) - 1 else {})} for number, answer in enumerate(answers)]


def item(name: str) -> dict[str, Any]:
    texts = {"sub_domain": DOMAIN, "alias_address": name, "application": "tacomail", "identifier": f"id-{name}"}
    return {attribute: {"S": text} for attribute, text in texts.items()}


def test_making_a_queryset_asks_nothing() -> None:
    with counted_requests() as requests:
        aliases.filter(description="x").order_by("alias_address").select_related()[:5]
    assert requests.operations == []


def test_a_query_can_be_shown_without_asking_anything() -> None:
    query = aliases.filter(description__contains="100%").order_by("pk")[:3].query
    with counted_requests() as requests:
        shown = str(query)
    assert shown.startswith("aliases.Alias WHERE (AND: Contains(Col(alias, aliases.Alias.description), '100%'))")
    assert shown.endswith("[0:3]")
    assert str(aliases.all().query) == "aliases.Alias WHERE everything [0:None]"
    assert requests.operations == []


def test_an_iterator_reads_a_page_when_it_comes_to_it(wire: Wire) -> None:
    wire.answer("Query", *pages(["a", "b"], [], ["c"]))
    rows = aliases.iterator(chunk_size=1)
    assert next(rows).alias_address == "a"
    assert wire.operations.count("Query") == 1
    assert [alias.alias_address for alias in rows] == ["b", "c"]
    assert wire.operations.count("Query") == 3


def test_an_iterator_that_nobody_finishes_reads_no_more(wire: Wire) -> None:
    wire.answer("Query", *pages(["a", "b"], ["c"]))
    for alias in aliases.iterator(chunk_size=1):
        assert alias.alias_address == "a"
        break
    assert wire.operations.count("Query") == 1


@pytest.mark.parametrize("ask", [aliases.exists, lambda: aliases.all()[:1][0], lambda: aliases.all()[0]])
def test_one_row_without_an_order_reads_one_page(wire: Wire, ask: Any) -> None:
    wire.answer("Query", *pages(["a", "b"], ["c"]))
    assert ask()
    assert wire.operations.count("Query") == 1


def test_an_empty_page_is_not_taken_for_the_end(wire: Wire) -> None:
    wire.answer("Query", *pages([], [], ["a"], []))
    assert names(aliases.all()) == ["a"]


def test_a_queryset_is_read_once_and_its_clones_anew() -> None:
    made("shop")
    query = aliases.all()
    with counted_requests() as requests:
        assert len(query) == len(query) == 1
        assert bool(query)
        assert len(query.all()) == 1
    assert requests.operations == ["Query"] * 2


def test_a_subquery_is_read_once_for_all_rows_and_not_where_no_row_asks() -> None:
    for name in ("one", "two", "three"):
        made(name)
    with counted_requests() as requests:
        assert aliases.filter(sub_domain__in=aliases.values("sub_domain")).count() == 3
    assert requests.operations == ["Query"] * 2
    with counted_requests() as requests:
        assert not Book.objects.filter(title__in=aliases.values("description")).exists()
    assert requests.operations == ["Query"]


def test_select_related_reads_each_relation_once() -> None:
    shelves = [Shelf.objects.create(name=name) for name in ("left", "right")]
    Book.objects.bulk_create([Book(title=str(number), shelf=shelves[number % 2]) for number in range(6)])
    with counted_requests() as requests:
        assert {book.shelf.name for book in Book.objects.select_related("shelf")} == {"left", "right"}
    assert requests.operations == ["Query", "BatchGetItem"]
    with counted_requests() as requests:
        assert {book.shelf.name for book in Book.objects.prefetch_related("shelf")} == {"left", "right"}
    assert requests.operations == ["Query", "BatchGetItem"]


def test_values_of_a_relation_and_of_an_annotation_come_in_the_order_asked_for() -> None:
    Book.objects.create(title="x", shelf=Shelf.objects.create(name="left", room="hall"))
    rows = Book.objects.annotate(double=F("pages") * 2).select_related("shelf")
    assert list(rows.values_list("double", "shelf__room", "title")) == [(200, "hall", "x")]
    assert list(rows.values("title", "double")) == [{"title": "x", "double": 200}]
    assert [(book.double, book.shelf.room) for book in rows] == [(200, "hall")]


def test_a_deferred_column_is_read_when_it_is_asked_for() -> None:
    made("shop", description="long")
    (alias,) = aliases.only("alias_address")
    with counted_requests() as requests:
        assert alias.description == "long"
    assert requests.operations == ["GetItem"]


def test_the_page_of_a_log_is_all_that_is_read(site: SiteTable) -> None:
    for moment in range(1_725_358_530, 1_725_358_540):
        logged(site, moment)
    with counted_requests() as requests:
        assert len(MessageLog.objects.filter(address=f"shop@{DOMAIN}")[:3]) == 3
    assert requests.operations == ["Query"]
