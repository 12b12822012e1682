from __future__ import annotations

import re
from typing import Any

import pytest

from aliases.models import Alias, State
from aliases.records.exceptions import AlreadyExists, InvalidAddress
from aliases.records.history import Action
from aliases.services import aliases as services
from aliases.services.aliases import create_alias
from aliases.services.histories import history_of, recent_history
from aliases.services.names import NameStyle
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")


def test_an_alias_is_there_at_once_and_active() -> None:
    made = create_alias(DOMAIN, local_part="Shop", destination=DESTINATION, by="alice")
    found = Alias.objects.get(pk=made.pk)
    assert (found.address, found.state, found.destination) == (f"shop@{DOMAIN}", State.ACTIVE, DESTINATION)


def test_a_name_is_generated_where_none_is_given() -> None:
    first, second = (create_alias(DOMAIN, destination=DESTINATION, by="alice") for _ in range(2))
    assert first.alias_address
    assert first.alias_address != second.alias_address


def test_a_generated_name_that_is_taken_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["taken", "taken", "free"])
    monkeypatch.setattr(services, "generated_name", lambda style: next(names))
    create_alias(DOMAIN, destination=DESTINATION, by="alice")
    assert create_alias(DOMAIN, destination=DESTINATION, by="alice").alias_address == "free"


def test_it_gives_up_when_every_generated_name_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    create_alias(DOMAIN, local_part="taken", destination=DESTINATION, by="alice")
    monkeypatch.setattr(services, "generated_name", lambda style: "taken")
    with pytest.raises(AlreadyExists):
        create_alias(DOMAIN, style=NameStyle.WORDS, destination=DESTINATION, by="alice")


def test_an_unserved_domain_is_refused_by_its_field() -> None:
    with pytest.raises(InvalidAddress, match="is not served here") as refused:
        create_alias("other.example.com", local_part="shop", destination=DESTINATION, by="alice")
    assert (refused.value.field, refused.value.code) == ("domain", "not_served")


def test_a_taken_address_is_refused() -> None:
    create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="alice")
    with pytest.raises(AlreadyExists) as refused:
        create_alias(DOMAIN, local_part="SHOP", destination=DESTINATION, by="alice")
    assert refused.value.field == "alias"


def test_the_state_can_be_chosen() -> None:
    made = create_alias(DOMAIN, local_part="quiet", destination=DESTINATION, state=State.IGNORED, by="alice")
    assert Alias.objects.get(pk=made.pk).state is State.IGNORED


def test_several_destinations_need_no_single_one() -> None:
    made = create_alias(DOMAIN, local_part="team", destinations={"bob@tacomail": True, "S3": False}, by="alice")
    assert Alias.objects.get(pk=made.pk).destination_list == [("bob@tacomail", True), ("S3", False)]


def test_the_history_tells_who_made_it() -> None:
    made = create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="alice")
    (entry,) = history_of("alias", made.pk)
    assert (entry.action, entry.actor, entry.object_name) == (Action.CREATED, "alice", f"shop@{DOMAIN}")


def test_the_beginning_of_a_name_can_be_given() -> None:
    made = create_alias(DOMAIN, start="Bookshop.", destination=DESTINATION, by="alice")
    assert re.fullmatch(r"bookshop\.\w{4}", made.alias_address)


def test_a_completed_name_that_is_taken_is_completed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["shop.1", "shop.1", "shop.2"])
    monkeypatch.setattr(services, "completed_name", lambda start: next(names))
    create_alias(DOMAIN, start="shop.", destination=DESTINATION, by="alice")
    assert create_alias(DOMAIN, start="shop.", destination=DESTINATION, by="alice").alias_address == "shop.2"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"local_part": "a..b"}, "alias"),
        ({"local_part": "", "start": "a b"}, "alias"),
        ({"domain": "localhost"}, "domain"),
        ({"destination": ""}, "destination"),
        ({"destinations": {"a@b@c": True}}, "destination"),
        ({"destination": f"x@{DOMAIN}"}, "destination"),
        ({"description": "x" * 1001}, "description"),
        ({"description": "\ud800"}, "description"),
    ],
)
def test_wrong_input_is_refused_by_its_field_and_makes_nothing(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        create_alias(**{"domain": DOMAIN, "local_part": "shop", "destination": DESTINATION, "by": "alice", **wrong})
    assert refused.value.field == field
    assert not Alias.objects.exists()
    assert list(recent_history(10)) == []
