"""A destination gets another text, and everything that went to it goes to the new one."""

from __future__ import annotations

import pytest

from aliases.models import Alias
from aliases.records.exceptions import AlreadyExists, InvalidAddress
from aliases.services.aliases import create_alias
from aliases.services.destinations import (
    add_destination,
    deactivate_destination,
    describe_destination,
    every_destination,
    find_destination,
)
from aliases.services.renaming import rename_destination
from tests.support.site import DESTINATION, DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")
BOB = "bob@tacomail"


def renamed(text: str) -> str:
    return rename_destination(find_destination(DESTINATION), text, by="olivia").destination


def test_aliases_description_and_switch_go_along() -> None:
    create_alias(DOMAIN, local_part="shop", destinations={DESTINATION: False, "S3": True}, by="olivia")
    old = find_destination(DESTINATION)
    describe_destination(old, "Alice", by="olivia")
    deactivate_destination(old, by="olivia")
    assert renamed(BOB.upper()) == BOB
    assert [(one.destination, one.description, one.active) for one in every_destination()] == [(BOB, "Alice", False)]
    assert dict(Alias.objects.get().destination_list) == {BOB: False, "S3": True}


@pytest.mark.parametrize("text", [DESTINATION, DESTINATION.upper(), f" {DESTINATION} "])
def test_another_spelling_asks_for_nothing(text: str) -> None:
    old = find_destination(DESTINATION)
    with counted_requests() as requests:
        assert rename_destination(old, text, by="olivia") is old
    assert len(requests) == 0


def test_what_is_no_destination_or_is_there_already_changes_nothing() -> None:
    add_destination("S3", by="olivia")
    create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="olivia")
    with pytest.raises(InvalidAddress):
        renamed("nowhere")
    with pytest.raises(AlreadyExists):
        renamed("s3")
    assert [one.destination for one in every_destination()] == ["S3", DESTINATION]
    assert Alias.objects.get().destination == DESTINATION


def test_it_costs_what_it_says() -> None:
    for number in range(3):
        create_alias(DOMAIN, local_part=f"shop{number}", destination=DESTINATION, by="olivia")
    old = find_destination(DESTINATION)
    with counted_requests() as requests:
        rename_destination(old, BOB, by="olivia")
    listings, changes, histories = 2, 3, 1
    assert len(requests) <= 10 + listings + changes + histories
