"""How a query reaches its rows: what explain() says, and what it then asks of DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from aliases.backend.aliasitems import MOST_KEYS, MOST_LOOKUPS
from aliases.models import Alias, Destination, Domain, MessageLog
from tacomail_site.models import Operator
from tests.aliases.backend.models import Book
from tests.aliases.backend.rows import made, names
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

LISTING = "aliases by listing (application-identifier-index): 1 Query for each megabyte of all aliases"
OTHER = "other.example.com"
aliases: Any = Alias.objects


def asked(query: Callable[[], Any]) -> list[str]:
    """The requests of a query."""
    with counted_requests() as requests:
        query()
    return requests.operations


def test_a_key_is_one_get() -> None:
    made("shop")
    query = aliases.filter(sub_domain=DOMAIN, alias_address="shop")
    assert query.explain() == "aliases by key (1): 1 GetItem"
    assert asked(query.get) == ["GetItem"]


def test_several_keys_are_one_batch() -> None:
    for name in ("one", "two"):
        made(name)
    query = aliases.filter(sub_domain__in=[DOMAIN, OTHER], alias_address__in=["one", "two", "three"])
    assert query.explain() == "aliases by key (6): 1 BatchGetItem for each 100 keys"
    assert asked(lambda: names(query)) == ["BatchGetItem"]
    assert names(query) == ["one", "two"]


def test_more_than_a_hundred_keys_are_as_many_batches_as_it_takes() -> None:
    for name in ("a0", "a149"):
        made(name)
    query = aliases.filter(sub_domain=DOMAIN, alias_address__in=[f"a{n}" for n in range(150)])
    assert query.explain() == "aliases by key (150): 1 BatchGetItem for each 100 keys"
    assert asked(lambda: names(query)) == ["BatchGetItem"] * 2
    assert names(query) == ["a0", "a149"]


def test_very_many_keys_are_read_with_their_domain() -> None:
    made("a0")
    query = aliases.filter(sub_domain=DOMAIN, alias_address__in=[f"a{n}" for n in range(MOST_KEYS + 1)])
    assert query.explain() == f"aliases by domain {DOMAIN}: 1 Query for each megabyte"
    assert asked(lambda: names(query)) == ["Query"]
    assert names(query) == ["a0"]


def test_an_identifier_whose_key_is_known_is_one_get() -> None:
    shop = made("shop")
    query = aliases.filter(pk=shop.pk)
    assert query.explain() == "aliases by identifier (1): 1 GetItem where the key is known (1), else 1 Query each"
    assert asked(query.get) == ["GetItem"]


def test_an_identifier_whose_key_is_not_known_is_one_query_the_first_time(site: SiteTable) -> None:
    shop = made("shop")
    site.own = type(site.own)()  # as in a process that has just started
    query = aliases.filter(pk=shop.pk)
    assert query.explain() == "aliases by identifier (1): 1 GetItem where the key is known (0), else 1 Query each"
    assert asked(query.get) == ["Query"]
    assert asked(query.get) == ["GetItem"]


def test_many_identifiers_are_one_batch_where_their_keys_are_known(site: SiteTable) -> None:
    identifiers = [made(f"a{n}").pk for n in range(5)]
    query = aliases.filter(pk__in=identifiers)
    assert asked(lambda: list(query)) == ["BatchGetItem"]
    site.own = type(site.own)()
    assert asked(lambda: list(query.all())) == ["Query"] * 5
    assert len(query.all()) == 5


def test_very_many_unknown_identifiers_are_read_with_the_whole_listing() -> None:
    identifiers = [f"nobody-{n}" for n in range(MOST_LOOKUPS + 1)]
    shop = made("shop")
    query = aliases.filter(pk__in=[*identifiers, shop.pk])
    assert query.explain() == LISTING
    assert asked(lambda: list(query)) == ["Query"]
    assert names(query) == ["shop"]


def test_a_domain_is_one_query() -> None:
    made("shop")
    query = aliases.filter(sub_domain=DOMAIN)
    assert query.explain() == f"aliases by domain {DOMAIN}: 1 Query for each megabyte"
    assert asked(lambda: list(query)) == ["Query"]


def test_several_domains_are_a_query_each() -> None:
    query = aliases.filter(sub_domain__in=[DOMAIN, OTHER])
    assert query.explain() == f"aliases by domain {DOMAIN}, {OTHER}: 2 Query for each megabyte"
    assert asked(lambda: list(query)) == ["Query"] * 2


def test_a_prefix_narrows_the_query_of_a_domain() -> None:
    for name in ("shop", "shopping", "other"):
        made(name)
    query = aliases.filter(sub_domain=DOMAIN, alias_address__startswith="shop")
    assert query.explain() == f"aliases by domain {DOMAIN}, names from shop: 1 Query for each megabyte"
    assert asked(lambda: list(query)) == ["Query"]
    assert names(query) == ["shop", "shopping"]


@pytest.mark.parametrize(
    "condition",
    [Q(), Q(description="x"), ~Q(sub_domain=DOMAIN), Q(sub_domain=DOMAIN) | Q(alias_address="x"), Q(pk__gt="x")],
)
def test_anything_else_is_the_listing(condition: Q) -> None:
    query = aliases.filter(condition)
    assert query.explain() == LISTING
    assert asked(lambda: list(query)) == ["Query"]


@pytest.mark.parametrize(
    "condition", [Q(pk__in=[]), Q(pk="a") & Q(pk="b"), Q(sub_domain="a.example") & Q(sub_domain__in=["b.example"])]
)
def test_what_no_row_can_satisfy_asks_nothing(condition: Q) -> None:
    query = aliases.filter(condition)
    assert query.explain() == "aliases by nothing: no request, no row can match"
    assert asked(lambda: (list(query), query.count(), query.exists(), query.update(use_count=1), query.delete())) == []
    assert asked(lambda: (list(aliases.none()), aliases.none().count())) == []


@pytest.mark.parametrize(
    ("condition", "path", "operation"),
    [
        (Q(pk=1), "key: 1 GetItem", "GetItem"),
        (Q(pk__in=[1, 2]), "2 keys: 1 BatchGetItem for each 100 keys", "BatchGetItem"),
        (Q(title="x"), "partition django:backend_tests_book: 1 Query for each megabyte of all rows", "Query"),
    ],
)
def test_a_document_is_read_by_its_key_or_with_its_partition(condition: Q, path: str, operation: str) -> None:
    query = Book.objects.filter(condition)
    assert query.explain() == f"documents by {path}"
    assert asked(lambda: list(query)) == [operation]


def test_domains_and_destinations_are_all_read_together() -> None:
    known = Domain.objects.filter(pk=DOMAIN)
    assert known.explain() == "domains by all domains: 1 GetItem and 1 Query for each megabyte"
    assert asked(known.get) == ["GetItem", "Query"]
    assert asked(lambda: list(Destination.objects.all())) == ["GetItem", "Query"]


def test_content_types_ask_nothing() -> None:
    assert ContentType.objects.all().explain() == "content types by installed models: no request"
    assert asked(lambda: list(ContentType.objects.all())) == []


def test_a_joined_relation_is_read_by_its_keys() -> None:
    operator = Operator.objects.create(username="ann")
    for number in range(3):
        LogEntry.objects.create(user=operator, object_repr=str(number), action_flag=1)
    query = LogEntry.objects.select_related("user", "content_type")
    assert query.explain().splitlines() == [
        "documents by partition django:django_admin_log: 1 Query for each megabyte of all rows",
        "joins user by key: 1 request for each 100 rows",
        "joins content_type by key: 1 request for each 100 rows",
    ]
    assert asked(lambda: [entry.user.username for entry in query]) == ["Query", "GetItem"]


def test_a_log_entry_is_read_by_its_key() -> None:
    query = MessageLog.objects.filter(pk="2024-09-03T10:15:30Z/m1/shop@taco.example")
    assert query.explain() == "log entries by key (1): 1 BatchGetItem for each 100 keys"
    assert asked(lambda: list(query)) == ["BatchGetItem"]


def test_explaining_asks_nothing_of_the_table() -> None:
    assert asked(aliases.filter(description="x").order_by("alias_address")[:5].explain) == []


@pytest.mark.parametrize("options", [{"format": "json"}, {"verbose": True}])
def test_explain_takes_no_format_and_no_options(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"format|Unknown options"):
        aliases.all().explain(**options)
