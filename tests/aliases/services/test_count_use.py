"""A use that was no message through this system is counted for whoever reports it."""

from __future__ import annotations

import pytest

from aliases.records.exceptions import NotFound
from aliases.services.aliases import alias_with_identifier, create_alias, edit_alias
from aliases.services.uses import count_use
from tests.support.site import DESTINATION, DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")


def test_a_use_is_counted_with_one_look_up_and_one_write() -> None:
    alias = create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="olivia")
    with counted_requests() as requests:
        count_use(alias.identifier)
    assert len(requests) == 2
    count_use(alias.identifier)
    assert alias_with_identifier(alias.identifier).use_count == 2


def test_it_is_counted_under_a_new_address_too() -> None:
    alias = create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="olivia")
    edit_alias(alias, by="olivia", local_part="store")
    count_use(alias.identifier)
    counted = alias_with_identifier(alias.identifier)
    assert (counted.alias_address, counted.use_count) == ("store", 1)


@pytest.mark.parametrize("identifier", ["", "x" * 3000, "\x00", "\ud800", "7f9c0f5e-0000-4000-8000-000000000000"])
def test_no_use_is_counted_for_what_no_alias_has(identifier: str) -> None:
    with pytest.raises(NotFound):
        count_use(identifier)
