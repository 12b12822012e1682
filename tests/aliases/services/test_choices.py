from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.models import Destination, Domain
from aliases.records.exceptions import TableUnavailable
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY
from aliases.services.choices import Choices, read_choices
from aliases.services.destinations import add_destination, deactivate_destination
from aliases.services.domains import add_domain, deactivate_domain
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def test_there_are_the_served_domains_and_the_registered_destinations() -> None:
    for name in ("b.example", "off.example"):
        add_domain(name, by="setup")
    deactivate_domain(Domain.objects.get(pk="off.example"), by="setup")
    for name in ("S3", "bob@tacomail"):
        add_destination(name, by="setup")
    deactivate_destination(Destination.objects.get(pk="S3"), by="setup")
    with counted_requests() as requests:
        found = read_choices()
    assert found == Choices(("b.example", DOMAIN), (DESTINATION, "bob@tacomail"), ("S3",))
    assert found.known_destinations == (DESTINATION, "bob@tacomail", "S3")
    assert requests.operations == ["BatchGetItem"]


def test_an_empty_table_offers_nothing(site: SiteTable) -> None:
    for key in (DOMAINS_KEY, DESTINATIONS_KEY):
        site.delete(key)
    assert read_choices() == Choices()


def test_sets_of_an_older_tool_are_understood(site: SiteTable) -> None:
    site.put({
        "sub_domain": {"S": "tacomail-config"},
        "alias_address": {"S": "sub_domains"},
        "configValues": {"L": [{"M": {"subdomain": {"S": "Old.Example"}, "active": {"BOOL": True}}}]},
    })  # fmt: skip
    assert read_choices().domains == ("old.example",)


def test_without_an_answer_it_says_so_and_offers_nothing_by_guess(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(site), "batch_get", lambda table, keys: ({}, set(keys)))
    with pytest.raises(TableUnavailable):
        read_choices()


@pytest.mark.parametrize(
    ("destinations", "paused", "likeliest"),
    [
        (("S3", "alice@tacomail", "aaron@example.com"), (), "alice@tacomail"),
        (("S3", "aaron@example.com"), ("alice@tacomail",), "aaron@example.com"),
        (("S3",), (), "S3"),
        ((), ("alice@tacomail",), "alice@tacomail"),
        ((), (), ""),
    ],
)
def test_of_several_destinations_a_maildir_that_is_on_is_the_likeliest(
    destinations: tuple[str, ...], paused: tuple[str, ...], likeliest: str
) -> None:
    assert Choices((), destinations, paused).likeliest == likeliest
