"""Three-valued logic, and what else SQL says about NULL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Case, Count, F, Q, Sum, Value, When

from tests.aliases.backend.models import Book, Shelf

pytestmark = pytest.mark.usefixtures("books")

b: Any = Book.objects


@pytest.fixture
def books(empty_site: object) -> None:
    """Titles tell what is in them: with a rating, with none, on a shelf."""
    shelf = Shelf.objects.create(name="s")
    b.create(title="rated", rating=3.0)
    b.create(title="unrated", rating=None)
    b.create(title="shelved", rating=None, shelf=shelf)


def titles(queryset: Any) -> list[str]:
    return sorted(book.title for book in queryset)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Q(rating=3), ["rated"]),
        (Q(rating=None), ["shelved", "unrated"]),
        (Q(rating__gt=1), ["rated"]),
        (~Q(rating__gt=1), ["shelved", "unrated"]),  # Django adds IS NOT NULL to what it negates
        (~Q(rating__gt=1) & Q(rating__isnull=False), []),
        (Q(rating__gt=1) | Q(rating__lte=1), ["rated"]),
        (Q(rating__in=[3, None]), ["rated"]),
        (Q(rating__in=[None]), []),
        (~Q(rating__in=[None]), ["rated", "shelved", "unrated"]),
        (Q(rating__in=[]), []),
        (~Q(rating__in=[]), ["rated", "shelved", "unrated"]),
        (Q(rating=F("rating")), ["rated"]),
        (Q(rating__lt=F("rating") + 1), ["rated"]),
        (Q(rating__range=(1, 5)), ["rated"]),
        (~Q(rating__range=(1, 5)), ["shelved", "unrated"]),
        (Q(shelf=None), ["rated", "unrated"]),
        (Q(shelf__name="s"), ["shelved"]),
        (~Q(shelf__name="s"), ["rated", "unrated"]),
        (Q(shelf__name__isnull=True), ["rated", "unrated"]),
        (Q(rating=3) & Q(pk__in=[]), []),
        (Q(rating=3) | Q(pk__in=[]), ["rated"]),
        (~(Q(rating=3) & Q(pk__in=[])), ["rated", "shelved", "unrated"]),
        (Q(), ["rated", "shelved", "unrated"]),
        (~Q(), ["rated", "shelved", "unrated"]),
        (Q(Q(), Q()) | Q(), ["rated", "shelved", "unrated"]),
    ],
)
def test_a_condition_finds_what_sql_finds(condition: Q, found: list[str]) -> None:
    assert titles(b.filter(condition)) == found
    assert b.filter(condition).count() == len(found)
    assert b.filter(condition).exists() == bool(found)


def test_exclude_of_a_nullable_column_keeps_the_rows_without_it() -> None:
    assert titles(b.exclude(rating=3)) == ["shelved", "unrated"]
    assert titles(b.exclude(rating__gt=1)) == ["shelved", "unrated"]
    assert titles(b.exclude(shelf__name="s")) == ["rated", "unrated"]


def test_a_value_is_neither_in_nor_not_in_a_set_with_a_null() -> None:
    with_null = b.values("rating")
    assert titles(b.filter(pages__in=with_null)) == []
    assert titles(b.exclude(pages__in=with_null)) == []


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (F("rating").asc(), ["shelved", "unrated", "rated"]),
        (F("rating").desc(), ["rated", "shelved", "unrated"]),
        (F("rating").asc(nulls_last=True), ["rated", "shelved", "unrated"]),
        (F("rating").desc(nulls_first=True), ["shelved", "unrated", "rated"]),
        (F("shelf__name").asc(), ["rated", "unrated", "shelved"]),
        (F("shelf__name").desc(), ["shelved", "rated", "unrated"]),
    ],
)
def test_nulls_come_first_unless_the_query_says_otherwise(order: Any, wanted: list[str]) -> None:
    assert [book.title for book in b.order_by(order, "title")] == wanted
    assert [book.title for book in b.order_by(order, "title").reverse()] == wanted[::-1]


def test_distinct_and_a_slice_keep_one_null() -> None:
    ratings = b.order_by("rating").values_list("rating", flat=True).distinct()
    assert list(ratings) == [None, 3.0]
    assert list(ratings[1:2]) == [3.0]
    assert ratings.count() == 2
    assert ratings.all()[:1].count() == 1


def test_distinct_counts_what_order_by_looks_at_too() -> None:
    """As Django documents it: the columns of ORDER BY are selected as well."""
    assert list(b.order_by("title").values_list("pages", flat=True).distinct()) == [100, 100, 100]
    assert list(b.order_by().values_list("pages", flat=True).distinct()) == [100]


def test_aggregates_pass_nulls_over() -> None:
    assert b.aggregate(n=Count("rating"), s=Sum("rating"), t=Sum("rating", filter=Q(title="unrated"))) == {
        "n": 1,
        "s": 3.0,
        "t": None,
    }
    assert b.none().aggregate(n=Count("pk"), s=Sum("rating"), d=Sum("rating", default=0.0)) == {
        "n": 0,
        "s": None,
        "d": 0.0,
    }


def test_arithmetic_with_null_is_null_and_division_by_zero_too() -> None:
    rows = b.order_by("title").values_list(F("rating") + 1, F("pages") % (F("pages") - 100))
    assert list(rows) == [(4.0, None), (None, None), (None, None)]


def test_a_case_without_a_default_is_null() -> None:
    sized = b.annotate(kind=Case(When(rating__gt=1, then=Value("good")))).order_by("title")
    assert [book.kind for book in sized] == ["good", None, None]


def test_statements_about_no_row_do_nothing() -> None:
    for nothing in (b.none(), b.filter(pk__in=[]), b.filter(pk=1, rating__in=[None])):
        assert nothing.update(title="x") == 0
        assert nothing.delete() == (0, {})
        assert (list(nothing), nothing.first(), nothing.in_bulk()) == ([], None, {})
    assert b.update() == 0
    assert b.filter(title="x").count() == 0


def test_statements_about_every_row_do_everything() -> None:
    assert b.filter(~Q(pk__in=[])).update(pages=1) == 3
    assert b.filter(~Q(pk__in=[])).aggregate(n=Sum("pages")) == {"n": 3}
    assert b.filter(~Q(pk__in=[])).delete()[0] == 3
