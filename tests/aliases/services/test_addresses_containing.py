"""The older routes look for a piece of text in addresses alone."""

from __future__ import annotations

import pytest

from aliases.services.aliases import create_alias
from aliases.services.searching import addresses_containing
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("text", "found"), [("HOP", ["shop"]), ("Taco.Ex", ["bank", "shop"]), ("alice", []), ("", ["bank", "shop"])]
)
def test_without_case_and_not_in_destinations_or_descriptions(text: str, found: list[str]) -> None:
    for name in ("shop", "bank"):
        create_alias(DOMAIN, local_part=name, destination=DESTINATION, description="for alice", by="olivia")
    assert sorted(alias.alias_address for alias in addresses_containing(text)) == found
