"""An alias is found, and its uses counted, by the identifier that stays when its address changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.records.exceptions import NotFound
from aliases.services.aliases import create_alias, edit_alias
from aliases.services.identifiers import alias_by_identifier, count_use
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.models import Alias

pytestmark = pytest.mark.usefixtures("site")


def made(name: str = "shop") -> Alias:
    return create_alias(DOMAIN, local_part=name, destination=DESTINATION, by="olivia")


def test_it_is_found_in_one_call_under_its_new_address_too() -> None:
    alias = made()
    edit_alias(alias, by="olivia", local_part="store")
    with counted_requests() as requests:
        found = alias_by_identifier(alias.identifier)
    assert found.address == f"store@{DOMAIN}"
    assert len(requests) == 1


@pytest.mark.parametrize(
    "identifier", ["", "x" * 37, "\x00", "\ud800", "nobody", "7f9c0f5e-0000-4000-8000-000000000000"]
)
def test_what_no_alias_has_is_not_found(identifier: str) -> None:
    with pytest.raises(NotFound):
        alias_by_identifier(identifier)
    with pytest.raises(NotFound):
        count_use(identifier)


def test_a_use_is_counted_with_one_look_up_and_one_write() -> None:
    alias = made()
    with counted_requests() as requests:
        count_use(alias.identifier)
    assert len(requests) == 2
    count_use(alias.identifier)
    assert alias_by_identifier(alias.identifier).use_count == 2
