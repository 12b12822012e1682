"""Counting and searching aliases, from one listing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.models import Alias, State
from aliases.services.aliases import pause_alias
from aliases.services.counts import count_aliases
from aliases.services.domains import add_domain
from aliases.services.searching import aliases_containing
from tests.aliases.services.making import ALICE, alias
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.services.counts import Counts

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def several(site: SiteTable) -> None:
    add_domain("tacobücher.example", by=ALICE)
    alias("shop", description="Für Schuhe")
    alias("bank", destinations={DESTINATION: False, "S3": True}, state=State.IGNORED)
    pause_alias(alias("buch", "tacobücher.example", destination="Bob@example.org"), by=ALICE)


def counted() -> Counts:
    with counted_requests() as requests:
        counts = count_aliases()
    assert requests.operations == ["Query"]
    return counts


@pytest.mark.usefixtures("several")
def test_aliases_are_counted_by_state_domain_and_destination() -> None:
    counts = counted()
    assert counts.aliases == 3
    assert counts.states == {State.ACTIVE: 1, State.IGNORED: 1, State.PAUSED: 1}
    assert counts.domains == {DOMAIN: 2, "xn--tacobcher-u9a.example": 1}
    assert [counts.of_destination(text) for text in ("ALICE@tacomail", "s3", "bob@Example.ORG", "x@y.example")] == [
        2,
        1,
        1,
        0,
    ]


def test_nothing_is_counted_in_an_empty_table() -> None:
    assert (counted().aliases, counted().used) == (0, 0)


def test_uses_are_added_up() -> None:
    aliases = [Alias(use_count=used, ignored_count=1, refused_count=2) for used in (3, 4)]
    counts = count_aliases(aliases)
    assert (counts.used, counts.ignored, counts.refused) == (7, 2, 4)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SHOP", ["shop"]),
        (" für ", ["shop"]),
        ("FÜR SCHUHE", ["shop"]),
        ("tacobücher", ["buch"]),
        ("xn--tacobcher", ["buch"]),
        ("bob@EXAMPLE", ["buch"]),
        ("s3", ["bank"]),
        ("alice@", ["bank", "shop"]),
        ("", ["bank", "buch", "shop"]),
        ("no such text", []),
    ],
)
def test_aliases_are_found_by_any_piece_of_what_an_operator_sees(text: str, names: list[str]) -> None:
    assert sorted(found.alias_address for found in aliases_containing(text)) == names
