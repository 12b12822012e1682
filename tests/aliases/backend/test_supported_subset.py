"""Everything that the package says it can do has an example here, and everything that has one is listed there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Avg, Case, Count, F, Max, Min, Prefetch, Q, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractYear, Lower, TruncMonth, Upper

from aliases import backend
from aliases.backend.dateparts import PARTS
from aliases.backend.logic import LOOKUPS
from tests.aliases.backend.models import Book, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("books")

START_OF_MONTH = datetime(2024, 5, 1, tzinfo=UTC)
LENT = datetime(2024, 5, 15, 13, 14, 15, tzinfo=UTC)  # a Wednesday, in week 20
b = Book.objects
s = Shelf.objects


@pytest.fixture
def books(empty_site: object) -> None:
    """Three books on two shelves, and one on none."""
    left, right = Shelf.objects.create(name="left", room="Study"), Shelf.objects.create(name="right", room="hall")
    Book.objects.create(title="Ada", shelf=left, pages=100, lent=LENT)
    Book.objects.create(title="bede", shelf=left, pages=200, rating=4.0)
    Book.objects.create(title="Cato", shelf=right, pages=300, rating=2.0)
    Book.objects.create(title="dido", pages=200)


def titles(queryset: Any) -> list[str]:
    return sorted(queryset.values_list("title", flat=True))


def in_order(queryset: Any) -> list[str]:
    return [book.title for book in queryset]


def ada() -> Any:
    return b.get(title="Ada")


def cato() -> Any:
    return b.filter(title="Cato")


def saved() -> str:
    book = ada()
    book.title = "Ada II"
    book.save()
    return str(b.get(pk=book.pk).title)


def updated_in_bulk() -> list[int]:
    changed = list(b.filter(shelf="left").order_by("title"))
    for number, book in enumerate(changed):
        book.pages = number
    b.bulk_update(changed, ["pages"])
    return list(b.filter(shelf="left").order_by("title").values_list("pages", flat=True))


def made_in_bulk() -> list[str]:
    made = b.bulk_create([Book(title="x1"), Book(title="x2")])
    return titles(b.filter(pk__in=[book.pk for book in made]))


def cascaded() -> list[str]:
    """The models of these tests are not installed, so that Django knows no cascade between them."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get(app_label="aliases", model="alias")
    Permission.objects.create(name="x", content_type=kind, codename="x")
    return sorted(Permission.objects.filter(content_type=kind).delete()[1])


EXAMPLES: dict[str, dict[str, tuple[Callable[[], Any], Any]]] = {
    "filters": {
        "filter": (lambda: titles(b.filter(pages=200)), ["bede", "dido"]),
        "exclude": (lambda: titles(b.exclude(pages=200)), ["Ada", "Cato"]),
        "AND": (lambda: titles(b.filter(Q(pages=200) & Q(rating=4))), ["bede"]),
        "OR": (lambda: titles(b.filter(Q(pages=300) | Q(rating=4))), ["Cato", "bede"]),
        "NOT": (lambda: titles(b.filter(~Q(pages=200))), ["Ada", "Cato"]),
        "F() in a filter": (lambda: titles(b.filter(pages=F("rating") * 50)), ["bede"]),
        "subqueries after in": (lambda: titles(b.filter(shelf__in=s.filter(room="hall"))), ["Cato"]),
        "to-one relations": (lambda: titles(b.filter(shelf__room="Study")), ["Ada", "bede"]),
    },
    "lookups": {
        "exact": (lambda: titles(b.filter(title__exact="Ada")), ["Ada"]),
        "iexact": (lambda: titles(b.filter(title__iexact="ADA")), ["Ada"]),
        "in": (lambda: titles(b.filter(title__in=["Ada", "dido"])), ["Ada", "dido"]),
        "gt": (lambda: titles(b.filter(pages__gt=200)), ["Cato"]),
        "gte": (lambda: titles(b.filter(pages__gte=200)), ["Cato", "bede", "dido"]),
        "lt": (lambda: titles(b.filter(pages__lt=200)), ["Ada"]),
        "lte": (lambda: titles(b.filter(pages__lte=200)), ["Ada", "bede", "dido"]),
        "range": (lambda: titles(b.filter(pages__range=(150, 250))), ["bede", "dido"]),
        "isnull": (lambda: titles(b.filter(rating__isnull=True)), ["Ada", "dido"]),
        "contains": (lambda: titles(b.filter(title__contains="d")), ["Ada", "bede", "dido"]),
        "icontains": (lambda: titles(b.filter(title__icontains="A")), ["Ada", "Cato"]),
        "startswith": (lambda: titles(b.filter(title__startswith="A")), ["Ada"]),
        "istartswith": (lambda: titles(b.filter(title__istartswith="B")), ["bede"]),
        "endswith": (lambda: titles(b.filter(title__endswith="o")), ["Cato", "dido"]),
        "iendswith": (lambda: titles(b.filter(title__iendswith="O")), ["Cato", "dido"]),
        "regex": (lambda: titles(b.filter(title__regex="^[A-Z]")), ["Ada", "Cato"]),
        "iregex": (lambda: titles(b.filter(title__iregex="^[ab]")), ["Ada", "bede"]),
    },
    "date parts": {
        "year": (lambda: titles(b.filter(lent__year=2024)), ["Ada"]),
        "iso_year": (lambda: titles(b.filter(lent__iso_year=2024)), ["Ada"]),
        "quarter": (lambda: titles(b.filter(lent__quarter=2)), ["Ada"]),
        "month": (lambda: titles(b.filter(lent__month=5)), ["Ada"]),
        "week": (lambda: titles(b.filter(lent__week=20)), ["Ada"]),
        "day": (lambda: titles(b.filter(lent__day=15)), ["Ada"]),
        "week_day": (lambda: titles(b.filter(lent__week_day=4)), ["Ada"]),
        "iso_week_day": (lambda: titles(b.filter(lent__iso_week_day=3)), ["Ada"]),
        "hour": (lambda: titles(b.filter(lent__hour=13)), ["Ada"]),
        "minute": (lambda: titles(b.filter(lent__minute=14)), ["Ada"]),
        "second": (lambda: titles(b.filter(lent__second=15)), ["Ada"]),
        "date": (lambda: titles(b.filter(lent__date=LENT.date())), ["Ada"]),
        "time": (lambda: titles(b.filter(lent__time=LENT.time())), ["Ada"]),
    },
    "expressions": {
        "Value": (lambda: b.annotate(one=Value(1)).first().one, 1),
        "arithmetic with + - * %": (
            lambda: cato().values_list(F("pages") + 1, F("pages") - 1, F("pages") * 2, F("pages") % 7)[0],
            (301, 299, 600, 6),
        ),
        "Coalesce": (lambda: b.annotate(r=Coalesce("rating", 0.5)).get(title="Ada").r, 0.5),
        "Lower": (lambda: titles(b.annotate(low=Lower("title")).filter(low="ada")), ["Ada"]),
        "Upper": (lambda: titles(b.annotate(up=Upper("title")).filter(up="BEDE")), ["bede"]),
        "Case": (
            lambda: titles(b.annotate(size=Case(When(pages__gt=150, then=Value(2)), default=Value(1))).filter(size=1)),
            ["Ada"],
        ),
        "Extract": (
            lambda: b.annotate(year=ExtractYear("lent", tzinfo=ZoneInfo("Asia/Tokyo"))).get(title="Ada").year,
            2024,
        ),
        "Trunc": (lambda: b.annotate(start=TruncMonth("lent")).get(title="Ada").start, START_OF_MONTH),
    },
    "order": {
        "order_by": (lambda: in_order(b.order_by("-pages", "title")), ["Cato", "bede", "dido", "Ada"]),
        "nulls_first": (
            lambda: in_order(b.order_by(F("rating").desc(nulls_first=True), "title")),
            ["Ada", "dido", "bede", "Cato"],
        ),
        "nulls_last": (
            lambda: in_order(b.order_by(F("rating").asc(nulls_last=True), "title")),
            ["Cato", "bede", "Ada", "dido"],
        ),
        "reverse": (lambda: in_order(b.order_by("title").reverse()), ["dido", "bede", "Cato", "Ada"]),
        "slices": (lambda: in_order(b.order_by("title")[1:3]), ["Cato", "bede"]),
        "distinct": (lambda: list(b.order_by("pages").values_list("pages", flat=True).distinct()), [100, 200, 300]),
    },
    "results": {
        "get": (lambda: b.get(title="Ada").pages, 100),
        "count": (lambda: (b.count(), b.filter(pages=200).count(), b.order_by("pk")[1:3].count()), (4, 2, 2)),
        "exists": (lambda: (b.filter(pages=200).exists(), b.filter(pages=1).exists()), (True, False)),
        "first": (lambda: b.order_by("title").first().title, "Ada"),
        "last": (lambda: b.order_by("title").last().title, "dido"),
        "latest": (lambda: b.latest("pages").title, "Cato"),
        "earliest": (lambda: b.earliest("pages").title, "Ada"),
        "in_bulk": (lambda: sorted(map(attrgetter("title"), b.in_bulk([ada().pk, 999]).values())), ["Ada"]),
        "iterator": (lambda: sorted(book.title for book in b.iterator(chunk_size=2)), ["Ada", "Cato", "bede", "dido"]),
        "values": (lambda: cato().values("title", "shelf__room")[0], {"title": "Cato", "shelf__room": "hall"}),
        "values_list": (lambda: b.filter(title="Ada").values_list("title", "pages")[0], ("Ada", 100)),
        "only": (lambda: b.only("title").get(title="Ada").pages, 100),
        "defer": (lambda: b.defer("pages").get(title="Ada").pages, 100),
        "dates": (lambda: list(b.dates("lent", "month")), [date(2024, 5, 1)]),
        "datetimes": (lambda: list(b.datetimes("lent", "hour")), [datetime(2024, 5, 15, 13, tzinfo=UTC)]),
        "aggregate": (lambda: b.aggregate(n=Max("pages") - Min("pages")), {"n": 200}),
        "annotate": (lambda: b.annotate(double=F("pages") * 2).get(title="Ada").double, 200),
        "none": (lambda: (list(b.none()), b.none().count(), b.none().aggregate(n=Sum("pages"))), ([], 0, {"n": None})),
        "explain": (lambda: b.filter(pk=1).explain(), "documents by key: 1 GetItem"),
    },
    "aggregates": {
        "Count": (
            lambda: b.aggregate(a=Count("rating"), d=Count("pages", distinct=True), f=Count("pk", filter=Q(pages=200))),
            {"a": 2, "d": 3, "f": 2},
        ),
        "Sum": (lambda: b.aggregate(n=Sum("pages"), d=Sum("pages", distinct=True)), {"n": 800, "d": 600}),
        "Avg": (lambda: b.aggregate(n=Avg("rating")), {"n": 3.0}),
        "Min": (lambda: b.aggregate(n=Min("title")), {"n": "Ada"}),
        "Max": (lambda: b.filter(pages=1).aggregate(n=Max("pages", default=7)), {"n": 7}),
    },
    "relations": {
        "select_related": (lambda: b.select_related("shelf").get(title="Cato").shelf.room, "hall"),
        "prefetch_related": (
            lambda: {book.title: book.shelf and book.shelf.room for book in b.prefetch_related(Prefetch("shelf"))},
            {"Ada": "Study", "bede": "Study", "Cato": "hall", "dido": None},
        ),
    },
    "writes": {
        "create": (lambda: b.create(title="new").pk is not None, True),
        "save": (saved, "Ada II"),
        "bulk_create": (made_in_bulk, ["x1", "x2"]),
        "get_or_create": (
            lambda: [b.get_or_create(title="new", defaults={"pages": n})[0].pages for n in (1, 2)],
            [1, 1],
        ),
        "update_or_create": (
            lambda: [b.update_or_create(title="new", defaults={"pages": n})[0].pages for n in (1, 2)],
            [1, 2],
        ),
        "update": (lambda: (b.filter(pages=200).update(pages=7, rating=None), b.filter(pages=7).count()), (2, 2)),
        'F("n") + 1': (lambda: (b.filter(title="Ada").update(pages=F("pages") + 1), ada().pages), (1, 101)),
        "bulk_update": (updated_in_bulk, [0, 1]),
        "delete": (lambda: (b.filter(pages=200).delete()[0], titles(b.all())), (2, ["Ada", "Cato"])),
        "cascades": (cascaded, ["auth.Permission"]),
    },
}
EXAMPLE_NAMES = [(group, item) for group, items in EXAMPLES.items() for item in items]


def listed() -> dict[str, list[str]]:
    """What the package's docstring lists, by group."""
    text = str(backend.__doc__).split("What works\n")[1].split("\nWhat raises")[0]
    groups = re.split(r"^ {4}(?=\S)", text, flags=re.MULTILINE)[1:]
    split = (group.split(":", 1) for group in groups)
    return {name: [" ".join(item.split()) for item in items.split(",")] for name, items in split}


@pytest.mark.parametrize(("group", "item"), EXAMPLE_NAMES)
def test_it_works(group: str, item: str) -> None:
    run, expected = EXAMPLES[group][item]
    assert run() == expected


def test_what_the_package_lists_is_what_is_tried_here() -> None:
    assert listed() == {group: list(items) for group, items in EXAMPLES.items()}


def test_no_lookup_works_that_is_not_listed() -> None:
    assert {*LOOKUPS, "in", "isnull"} == set(EXAMPLES["lookups"])


def test_no_date_part_works_that_is_not_listed() -> None:
    assert {*PARTS, "date", "time"} == set(EXAMPLES["date parts"])
