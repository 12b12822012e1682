"""What the backend does not do is refused by name, before anything is read or written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import NotSupportedError, connection
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, StdDev, Subquery, Sum, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Extract, Length, Now, Random, RowNumber, StrIndex
from django.utils import timezone

from aliases.models import Alias, Destination, Domain, MessageLog
from tests.aliases.backend.models import Book, Everything
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("site")

aliases: Any = Alias.objects
books: Any = Book.objects
permissions: Any = Permission.objects
entries: Any = LogEntry.objects
log: Any = MessageLog.objects

WHOLE_LOG = "reading the whole message log: filter by address, by identifier, or by received_datetime__gte"


def run_cursor() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 2")


def run_many() -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE", [()])


def call_procedure() -> None:
    with connection.cursor() as cursor:
        cursor.callproc("vacuum")


REFUSALS: list[tuple[str, Callable[[], Any]]] = [
    ("annotate() with aggregates (GROUP BY)", lambda: list(aliases.values("sub_domain").annotate(n=Count("pk")))),
    ("annotate() with aggregates (GROUP BY)", lambda: list(aliases.annotate(n=Count("pk")))),
    ("annotate() with aggregates (GROUP BY)", lambda: aliases.values("sub_domain").annotate(n=Count("pk")).count()),
    ("annotate() with aggregates (GROUP BY)", lambda: aliases.annotate(n=Count("pk")).aggregate(Sum("n"))),
    ("union()", lambda: list(aliases.all().union(aliases.all()))),
    ("union()", lambda: aliases.all().union(aliases.all()).count()),
    ("union()", lambda: aliases.all().union(aliases.all()).exists()),
    ("intersection()", lambda: list(aliases.all().intersection(aliases.all()))),
    ("difference()", lambda: list(aliases.all().difference(aliases.all()))),
    ("extra()", lambda: list(aliases.extra(select={"one": "1"}))),
    ("extra()", lambda: list(aliases.extra(where=["1 = 1"]))),
    ("extra()", lambda: list(aliases.extra(tables=["domain"]))),
    ("extra()", lambda: aliases.extra(where=["1 = 1"]).delete()),
    ("raw SQL (SELECT 1)", lambda: list(aliases.raw("SELECT 1"))),
    ("raw SQL (SELECT 2)", run_cursor),
    ("raw SQL (DELETE)", run_many),
    ("raw SQL in a query", lambda: list(aliases.annotate(one=RawSQL("1", ())))),
    ("stored procedures (vacuum)", call_procedure),
    ("distinct() on fields (DISTINCT ON)", lambda: list(aliases.distinct("sub_domain"))),
    ("XOR in a filter", lambda: list(aliases.filter(Q(active_alias=True) ^ Q(ignore_alias=True)))),
    ("XOR in a filter", lambda: aliases.filter(Q(active_alias=True) ^ Q(ignore_alias=True)).update(use_count=1)),
    ("XOR in a filter", lambda: aliases.filter(Q(active_alias=True) ^ Q(ignore_alias=True)).delete()),
    ("Exists()", lambda: list(aliases.filter(Exists(aliases.filter(pk=OuterRef("pk")))))),
    ("Exists()", lambda: list(aliases.annotate(there=Exists(aliases.filter(pk=OuterRef("pk")))))),
    ("Subquery()", lambda: list(aliases.annotate(n=Subquery(aliases.values("use_count")[:1])))),
    ("OuterRef()", lambda: list(aliases.filter(pk__in=aliases.filter(full_address=OuterRef("full_address"))))),
    ("OuterRef()", lambda: list(aliases.filter(full_address=OuterRef("full_address")))),
    ("window functions (Window)", lambda: list(aliases.annotate(row=Window(RowNumber())))),
    ("window functions (Window)", lambda: list(aliases.annotate(row=Window(RowNumber())).filter(row=1))),
    ("order_by('?') and Random()", lambda: list(aliases.order_by("?"))),
    ("order_by('?') and Random()", lambda: list(aliases.annotate(chance=Random()))),
    ("Length expressions", lambda: list(aliases.annotate(size=Length("description")))),
    ("Length expressions", lambda: list(aliases.filter(description__in=[Length("description")]))),
    ("Length expressions", lambda: aliases.create(description=Length(Value("x")))),
    ("StrIndex expressions", lambda: list(aliases.order_by(StrIndex("description", "sub_domain")))),
    ("Concat expressions", lambda: list(aliases.annotate(both=Concat("description", "sub_domain")))),
    ("Cast expressions", lambda: list(aliases.annotate(text=Cast("use_count", Alias._meta.get_field("description"))))),
    ("Now expressions", lambda: aliases.update(modified_datetime=Now())),
    ("the operator /", lambda: list(aliases.filter(use_count=F("use_count") / 2))),
    ("extracting day from a duration", lambda: list(Everything.objects.annotate(d=Extract("span", "day")))),
    ("the lookup 'exact' on JSON", lambda: list(aliases.filter(destinations={"S3": True}))),
    ("the lookup 'exact' on JSON", lambda: list(aliases.filter(destinations__S3=True))),
    ("the lookup 'has_key' on JSON", lambda: list(aliases.filter(destinations__has_key="S3"))),
    ("KeyTransform expressions", lambda: list(aliases.values("destinations__S3"))),
    ("ordering by JSON", lambda: list(aliases.order_by("destinations"))),
    ("the aggregate StdDev", lambda: aliases.aggregate(StdDev("use_count"))),
    ("joins over to-many relations (auth_group_permissions)", lambda: list(permissions.filter(group__name="x"))),
    (
        "joins over to-many relations (django_admin_log)",
        lambda: list(ContentType.objects.filter(logentry__object_repr="x")),
    ),
    (
        "joins on a condition (backend_tests_shelf)",
        lambda: list(
            books.annotate(near=FilteredRelation("shelf", condition=Q(shelf__room="x"))).filter(near__name="y")
        ),
    ),
    ("ignore_conflicts and update_conflicts", lambda: aliases.bulk_create([Alias()], ignore_conflicts=True)),
    (
        "ignore_conflicts and update_conflicts",
        lambda: books.bulk_create(
            [Book(title="x")], update_conflicts=True, unique_fields=["id"], update_fields=["title"]
        ),
    ),
    ("setting destination from other columns", lambda: aliases.update(destination=F("description"))),
    ("setting use_count from other columns", lambda: aliases.update(use_count=F("ignored_count") + 1)),
    ("setting use_count from other columns", lambda: aliases.update(use_count=F("use_count") + F("ignored_count"))),
    ("setting use_count from other columns", lambda: aliases.update(use_count=F("use_count") * 2)),
    ("setting use_count from other columns", lambda: aliases.update(use_count=F("use_count") + 1.5)),
    ("setting lent from other columns", lambda: books.update(lent=F("lent") + timedelta(days=1))),
    ("setting price from other columns", lambda: books.update(price=F("price") + 1)),
    ("changing identifier, the key of a alias", lambda: aliases.update(identifier="x")),
    ("changing domain, the key of a domain", lambda: Domain.objects.update(domain="x.example.com")),
    ("changing destination, the key of a destination", lambda: Destination.objects.update(destination="S3")),
    ("changing id, the key of a book", lambda: books.update(id=5)),
    ("adding a log entry", lambda: log.create(identifier="x", received_datetime=timezone.now(), address="a@b.example")),
    ("changing a log entry", lambda: log.filter(address="x@example.com").update(size=1)),
    ("deleting a log entry", lambda: log.filter(address="x@example.com").delete()),
    (WHOLE_LOG, lambda: list(log.all())),
    (WHOLE_LOG, log.count),
    (WHOLE_LOG, lambda: list(log.filter(outcome="delivered")[:1])),
    (WHOLE_LOG, lambda: list(log.filter(received_datetime__lt=timezone.now()))),
    (
        "reading 501 days of the message log at once: at most 400",
        lambda: list(log.filter(received_datetime__range=(timezone.now() - timedelta(days=500), timezone.now()))),
    ),
    ("adding a content type", lambda: ContentType.objects.create(app_label="x", model="y")),
    ("changing a content type", lambda: ContentType.objects.update(model="y")),
    ("deleting a content type", lambda: ContentType.objects.filter(model="alias")._raw_delete("default")),
    ("select_for_update() with nowait", lambda: list(aliases.select_for_update(nowait=True))),
    ("select_for_update() with skip_locked", lambda: list(aliases.select_for_update(skip_locked=True))),
    ("select_for_update() with of", lambda: list(aliases.select_for_update(of=("self",)))),
    ("select_for_update() with no_key", lambda: list(aliases.select_for_update(no_key=True))),
    ("dbshell; the AWS command line reads items: aws dynamodb query", lambda: call_command("dbshell")),
]


@pytest.mark.parametrize(("name", "refused"), REFUSALS)
def test_it_is_refused_by_name_before_anything_is_asked_of_the_table(name: str, refused: Callable[[], Any]) -> None:
    with counted_requests() as requests, pytest.raises(NotSupportedError) as raised:
        refused()
    assert str(raised.value) == f"The DynamoDB backend does not support {name}."
    assert requests.operations == []


def test_an_iterator_is_refused_when_it_is_asked_for_its_first_row() -> None:
    rows = aliases.annotate(row=Window(RowNumber())).iterator()
    with pytest.raises(NotSupportedError, match="window functions"):
        next(rows)


def test_a_subquery_is_refused_before_the_outer_query_reads() -> None:
    inner = aliases.annotate(size=Length("description")).filter(size=1).values("pk")
    with counted_requests() as requests, pytest.raises(NotSupportedError, match="Length"):
        list(aliases.filter(pk__in=inner))
    assert requests.operations == []
