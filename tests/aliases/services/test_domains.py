"""Domains through the services: each change is told, and aliases go with a domain only where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias, Domain
from aliases.records.exceptions import AlreadyExists, Conflict, InUse, InvalidAddress, NotFound, RecordError
from aliases.records.history import Action
from aliases.records.keys import DOMAINS_KEY
from aliases.services.aliases import delete_alias
from aliases.services.domains import (
    activate_domain,
    add_domain,
    deactivate_domain,
    describe_domain,
    find_domain,
    remove_domain,
    remove_with_aliases,
)
from aliases.services.histories import history_of
from tests.aliases.services.making import ALICE, BOB, alias, last, read
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def test_an_added_domain_is_the_one_that_is_read() -> None:
    made = add_domain("B.Example.", "Lunch", by=ALICE)
    there = Domain.objects.get(pk="b.example")
    for field in Domain._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(there, field.attname)
    assert (last("domain", "b.example").action, last("domain", "b.example").actor) == (Action.CREATED, ALICE)


@pytest.mark.parametrize("spelling", ["tacobücher.example", " TACOBÜCHER.example. ", "xn--tacobcher-u9a.example"])
def test_a_domain_is_found_in_any_spelling(spelling: str) -> None:
    made = add_domain("tacobücher.example", by=ALICE)
    assert find_domain(spelling).pk == made.pk == "xn--tacobcher-u9a.example"


@pytest.mark.parametrize(
    ("act", "action", "changes", "now"),
    [
        (
            lambda d: describe_domain(d, "new", by=ALICE),
            Action.CHANGED,
            {"description": ["", "new"]},
            (True, "new"),
        ),
        (lambda d: describe_domain(d, "", by=ALICE), Action.CHANGED, {}, (True, "")),
        (lambda d: deactivate_domain(d, by=ALICE), Action.PAUSED, {}, (False, "")),
        (lambda d: activate_domain(d, by=ALICE), Action.RESUMED, {}, (True, "")),
    ],
)
def test_a_change_is_made_and_told(
    act: Callable[[Domain], None], action: Action, changes: dict[str, Any], now: tuple[bool, str]
) -> None:
    act(find_domain(DOMAIN))
    entry, domain = last("domain", DOMAIN), Domain.objects.get(pk=DOMAIN)
    assert (entry.action, entry.actor, entry.object_name, entry.changes) == (action, ALICE, DOMAIN, changes)
    assert (domain.active, domain.description) == now


@pytest.mark.parametrize(
    ("act", "error", "field"),
    [
        (lambda: add_domain("localhost", by=ALICE), InvalidAddress, "domain"),
        (lambda: add_domain(f" {DOMAIN.upper()}. ", by=ALICE), AlreadyExists, "domain"),
        (lambda: add_domain("b.example", "x" * 1001, by=ALICE), InvalidAddress, "description"),
        (lambda: describe_domain(find_domain(DOMAIN), "x" * 1001, by=ALICE), InvalidAddress, "description"),
        (lambda: find_domain("b.example"), NotFound, "domain"),
        (lambda: find_domain("b"), InvalidAddress, "domain"),
        (lambda: describe_domain(Domain(domain="b.example"), "x", by=ALICE), NotFound, "domain"),
        (lambda: activate_domain(Domain(domain="b.example"), by=ALICE), NotFound, "domain"),
        (lambda: remove_domain(Domain(domain="b.example"), by=ALICE), NotFound, "domain"),
        (lambda: remove_domain(Domain(domain="b.example"), by=ALICE, with_aliases=True), NotFound, "domain"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_field_and_not_told(
    act: Callable[[], Any], error: type[RecordError], field: str
) -> None:
    with pytest.raises(error) as refused:
        act()
    assert refused.value.field == field
    assert [domain.pk for domain in Domain.objects.all()] == [DOMAIN]
    assert [*history_of("domain", DOMAIN), *history_of("domain", "b.example")] == []


def test_a_domain_with_aliases_stays() -> None:
    shop = alias()
    with pytest.raises(InUse, match=r"^taco\.example still has 1 alias\.$") as refused:
        remove_domain(find_domain(DOMAIN), by=ALICE)
    assert (refused.value.field, read(shop).pk) == ("domain", shop.pk)


def test_an_empty_domain_goes() -> None:
    assert remove_domain(find_domain(DOMAIN), by=ALICE) == 0
    assert not Domain.objects.exists()
    assert (last("domain", DOMAIN).action, last("domain", DOMAIN).changes) == (Action.DELETED, {})


def test_a_domain_goes_with_its_aliases_and_each_is_told() -> None:
    add_domain("b.example", by=ALICE)
    aliases, other = [alias(name) for name in ("a", "b")], alias("a", "b.example")
    assert remove_domain(find_domain(DOMAIN), by=ALICE, with_aliases=True) == 2
    assert ([d.pk for d in Domain.objects.all()], [a.pk for a in Alias.objects.all()]) == (["b.example"], [other.pk])
    for one in aliases:
        assert (last("alias", one.pk).action, last("alias", one.pk).actor) == (Action.DELETED, ALICE)
    assert last("domain", DOMAIN).changes == {"aliases": [2, 0]}


def test_stopped_half_way_the_domain_is_still_there_and_the_same_call_goes_on() -> None:
    for name in ("a", "b", "c"):
        alias(name)
    first = remove_with_aliases(find_domain(DOMAIN), by=ALICE)
    next(first)
    first.close()
    assert (Domain.objects.count(), Alias.objects.count()) == (1, 2)
    assert remove_domain(find_domain(DOMAIN), by=BOB, with_aliases=True) == 2
    assert (Domain.objects.count(), Alias.objects.count()) == (0, 0)


def test_an_alias_that_somebody_else_deletes_meanwhile_is_no_obstacle() -> None:
    aliases = [alias(name) for name in ("a", "b", "c")]
    going = remove_with_aliases(find_domain(DOMAIN), by=ALICE)
    next(going)
    delete_alias(aliases[2], by=BOB)
    assert [type(done.error) for done in going] == [type(None), NotFound]
    assert last("domain", DOMAIN).changes == {"aliases": [2, 0]}
    assert last("alias", aliases[2].pk).actor == BOB


def test_an_alias_that_somebody_makes_meanwhile_keeps_the_domain() -> None:
    alias("a")
    going = remove_with_aliases(find_domain(DOMAIN), by=ALICE)
    next(going)
    late = alias("late")
    with pytest.raises(InUse):
        next(going)
    assert read(late).pk == late.pk
    assert list(history_of("domain", DOMAIN)) == []


def test_a_domain_of_the_older_list_costs_no_alias(site: SiteTable) -> None:
    shop = alias()
    older = {"L": [{"M": {"subdomain": {"S": DOMAIN}, "active": {"BOOL": True}}}]}
    site.put({**(site.get(DOMAINS_KEY) or {}), "configValues": older})
    with pytest.raises(Conflict) as refused:
        remove_domain(find_domain(DOMAIN), by=ALICE, with_aliases=True)
    assert (refused.value.code, read(shop).pk) == ("not_adopted", shop.pk)
