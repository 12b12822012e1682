"""What an import does with domains and destinations that are not known yet, or that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.exchange.results import Reason, RowOutcome
from aliases.records.exceptions import InvalidAddress
from aliases.records.history import Action, HistoryStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import imported
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

HEADER = "alias,mailboxes\n"
NEW = "new.example.com"


def domains(site: SiteTable) -> list[str]:
    return [known.name for known in Registry(site).domains()]


def destinations(site: SiteTable) -> list[str]:
    return [known.name for known in Registry(site).destinations()]


def test_a_domain_that_is_not_served_is_refused(site: SiteTable) -> None:
    (result,) = imported(site, f"{HEADER}x@{NEW},S3\n").values()
    assert (result.outcome, result.code) == (RowOutcome.REFUSED, Reason.NOT_SERVED)
    assert domains(site) == [DOMAIN]


def test_missing_domains_and_destinations_are_added_when_asked_for(site: SiteTable) -> None:
    row = f"{HEADER}x@{NEW},bob@tacomail\n"
    imported(site, row, add_domains=True, add_destinations=True, apply=False)
    assert (domains(site), destinations(site)) == ([DOMAIN], [DESTINATION])
    imported(site, row, add_domains=True, add_destinations=True, by="alice")
    assert Registry(site).serves(NEW)
    assert destinations(site) == [DESTINATION, "bob@tacomail"]
    for kind, name in (("domain", NEW), ("destination", "bob@tacomail")):
        (entry,) = HistoryStore(site).of(kind, name)
        assert (entry.action, entry.actor) == (Action.CREATED, "alice")


def test_a_refused_row_adds_neither(site: SiteTable) -> None:
    rows = f"{HEADER}x@{NEW},nonsense\ny@{NEW},\nz@{DOMAIN},bob@tacomail nonsense\n"
    results = imported(site, rows, add_domains=True, add_destinations=True)
    assert {result.outcome for result in results.values()} == {RowOutcome.REFUSED}
    assert (domains(site), destinations(site)) == ([DOMAIN], [DESTINATION])


def test_an_alias_that_is_left_as_it_is_adds_no_destination(site: SiteTable) -> None:
    AliasStore(site).create("x", DOMAIN, "S3")
    (result,) = imported(site, f"{HEADER}x@{DOMAIN},bob@tacomail\n", add_destinations=True).values()
    assert (result.outcome, destinations(site)) == (RowOutcome.LEFT, [DESTINATION])


def test_a_destination_is_registered_though_its_alias_is_there_already(site: SiteTable) -> None:
    AliasStore(site).create("x", DOMAIN, "bob@tacomail")
    (result,) = imported(site, f"{HEADER}x@{DOMAIN},bob@tacomail\n", add_destinations=True).values()
    assert (result.outcome, "bob@tacomail" in destinations(site)) == (RowOutcome.UNCHANGED, True)


def test_a_domain_that_somebody_switched_off_stays_off(site: SiteTable) -> None:
    Registry(site).set_domain_active(DOMAIN, False)
    (result,) = imported(site, f"{HEADER}x@{DOMAIN},S3\n", add_domains=True).values()
    assert (result.outcome, result.reason) == (
        RowOutcome.REFUSED, f"{DOMAIN} is switched off here: switch it on first",
    )  # fmt: skip
    assert not Registry(site).serves(DOMAIN)


def test_mail_must_not_come_back_to_a_domain_that_the_file_adds(site: SiteTable) -> None:
    rows = f"{HEADER}x@{DOMAIN},me@{NEW}\ny@{NEW},S3\nz@other.example.com,S3\nw@{DOMAIN},me@other.example.com\n"
    results = imported(site, rows, add_domains=True)
    assert results[3].reason == f"mail of line 2 goes to {NEW}; served here, it would come back"
    assert (results[5].code, "mail would come back" in results[5].reason) == ("loop", True)
    assert domains(site) == ["other.example.com", DOMAIN]


def test_a_destination_named_in_two_spellings_is_on_where_one_of_them_is(site: SiteTable) -> None:
    row = f'address,state,destinations\nx@{DOMAIN},active,"Bob@tacomail; bob@tacomail=off"\n'
    imported(site, row)
    assert AliasStore(site).find(f"x@{DOMAIN}").destinations == {"bob@tacomail": {"active": True}}


def test_a_default_destination_that_means_nothing_is_an_error_at_once(site: SiteTable) -> None:
    with pytest.raises(InvalidAddress, match="'nonsense' is no destination"):
        imported(site, f"{HEADER}x@{DOMAIN},S3\n", destination="nonsense")
    assert list(AliasStore(site).aliases()) == []


def test_a_default_destination_on_a_served_domain_would_be_a_circle(site: SiteTable) -> None:
    (result,) = imported(site, f"{HEADER}x@{DOMAIN},\n", destination=f"me@{DOMAIN}").values()
    assert (result.outcome, result.code) == (RowOutcome.REFUSED, "loop")
