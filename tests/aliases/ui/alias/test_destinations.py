"""The destinations of an alias: on and off, one more, one less."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias
from aliases.records.exceptions import TableUnavailable
from aliases.records.registry import Registry
from aliases.services.aliases import delete_alias, describe_alias, set_alias_destinations
from aliases.services.histories import history_of
from tests.aliases.admin.pages import alias, signed_in, told
from tests.aliases.ui.alias.page_of import HTMX, fields, read, text, url
from tests.aliases.ui.alias.racing import lose, refuse
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")
PART = "alias_destinations"
ALICE, BOB, S3 = "alice@tacomail", "bob@tacomail", "S3"


def sent(of: Alias, *, htmx: bool = False, **data: str) -> Any:
    return signed_in().post(url(of, PART), data, headers=HTMX if htmx else {})


def now(of: Alias) -> dict[str, bool]:
    return dict(read(of).destination_list)


def several(**states: bool) -> Alias:
    return alias("shop", destinations={f"{name}@tacomail": on for name, on in states.items()})


# On and off


def test_one_is_switched_off_and_the_others_stay() -> None:
    shop = several(alice=True, bob=True)
    answer = sent(shop, off=BOB)
    assert (answer.status_code, answer["Location"]) == (303, url(shop))
    assert told(answer) == ["bob@tacomail gets no mail of this alias any more."]
    assert now(shop) == {ALICE: True, BOB: False}


def test_one_is_switched_on() -> None:
    shop = several(alice=True, bob=False)
    assert told(sent(shop, on=BOB)) == ["bob@tacomail gets the mail of this alias."]
    assert now(shop) == {ALICE: True, BOB: True}


def test_the_single_destination_is_switched_off() -> None:
    shop = alias("shop")
    assert sent(shop, off=ALICE).status_code == 303
    assert now(shop) == {ALICE: False}


def test_htmx_gets_the_part_alone_and_the_switch_is_where_it_was() -> None:
    shown = text(sent(several(alice=True, bob=True), htmx=True, off=BOB))
    assert "<html" not in shown
    assert shown.lstrip().startswith('<section id="destinations"')
    assert 'id="destination-2-switch" name="on" value="bob@tacomail" role="switch" aria-checked="false"' in shown
    assert "bob@tacomail gets no mail of this alias any more." in shown


def test_a_second_click_does_no_harm_and_leaves_one_entry() -> None:
    shop = several(alice=True, bob=True)
    for _ in range(2):
        assert sent(shop, off=BOB).status_code == 303
    assert [entry.action for entry in history_of("alias", shop.pk)] == ["changed", "created"]


def test_what_others_change_at_the_same_moment_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = several(alice=True, bob=True)
    hers = {ALICE: True, BOB: True, "carla@tacomail": True}
    lose(monkeypatch, "changed_alias", lambda: set_alias_destinations(read(shop), hers, by="carla"))
    assert sent(shop, off=BOB).status_code == 303
    assert now(shop) == {ALICE: True, BOB: False, "carla@tacomail": True}


def test_another_change_at_the_same_moment_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = several(alice=True, bob=True)
    lose(monkeypatch, "changed_alias", lambda: describe_alias(read(shop), "hers", by="carla"))
    assert sent(shop, off=BOB).status_code == 303
    assert (read(shop).description, now(shop)[BOB]) == ("hers", False)


def test_one_that_somebody_removed_meanwhile_is_told() -> None:
    shop = several(alice=True)
    for htmx in (False, True):
        answer = sent(shop, htmx=htmx, on=BOB)
        assert answer.status_code == 422
        assert "bob@tacomail is not among its destinations any more." in text(answer)
    assert now(shop) == {ALICE: True}


def test_a_deleted_alias_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = several(alice=True, bob=True)
    lose(monkeypatch, "changed_alias", lambda: delete_alias(read(shop), by="carla"))
    answer = sent(shop, off=BOB)
    assert answer.status_code == 410
    assert "It was deleted by carla" in text(answer)


def test_entries_of_others_stay_as_they_are_written(site: SiteTable) -> None:
    identifier = str(uuid.uuid4())
    entries = {
        "main": {"S": ALICE},
        "spare": {"M": {"destination": {"S": BOB}, "active": {"BOOL": True}, "since": {"N": "7"}}},
        "dora@tacomail": {"M": {"active": {"BOOL": True}, "colour": {"S": "green"}}},
    }
    item = {
        "sub_domain": {"S": "taco.example"},
        "alias_address": {"S": "shop"},
        "application": {"S": "tacomail"},
        "identifier": {"S": identifier},
        "destinations": {"M": entries},
    }
    site.call("PutItem", {"TableName": site.name, "Item": item})
    assert signed_in().post(url(identifier, PART), {"off": BOB}).status_code == 303
    stored = Alias.objects.get(pk=identifier)
    assert dict(stored.destination_list) == {ALICE: True, "dora@tacomail": True, BOB: False}
    assert stored.destinations["main"] == ALICE
    assert stored.destinations["dora@tacomail"] == {"active": True, "colour": "green"}


# One more


def test_one_more_is_added_and_the_single_one_stays() -> None:
    shop = alias("shop")
    assert told(sent(shop, destination=" S3 ")) == ["S3 gets the mail of this alias."]
    assert now(shop) == {ALICE: True, S3: True}


def test_adding_one_that_is_off_switches_it_on() -> None:
    shop = several(alice=True, bob=False)
    assert sent(shop, destination="BOB@tacomail").status_code == 303
    assert now(shop) == {ALICE: True, BOB: True}


def test_adding_one_twice_leaves_one_entry() -> None:
    shop = alias("shop")
    for _ in range(2):
        assert sent(shop, destination=BOB).status_code == 303
    assert now(shop) == {ALICE: True, BOB: True}
    assert len(list(history_of("alias", shop.pk))) == 2


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("no good", "no destination"),
        ("", "This field is required."),
        ("me@taco.example", "which this system serves"),
        ("x" * 300, "254"),
    ],
)
def test_what_is_no_destination_is_told_beside_the_field_and_kept(typed: str, why: str) -> None:
    shop = alias("shop")
    for htmx in (False, True):
        answer = sent(shop, htmx=htmx, destination=typed)
        assert answer.status_code == 422
        shown = text(answer)
        error = shown[shown.index('id="destinations-destination_error"') :]
        assert why in error[: error.index("</div>")]
        assert not typed or f'value="{typed}"' in shown
    assert now(shop) == {ALICE: True}


def test_registered_ones_that_it_does_not_have_are_offered(site: SiteTable) -> None:
    Registry(site).add_destination(BOB)
    shown = text(signed_in().get(url(alias("shop"))))
    assert 'class="chip" name="destination" value="bob@tacomail"' in shown
    assert 'class="chip" name="destination" value="alice@tacomail"' not in shown


def test_a_table_that_gives_no_answer_keeps_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias("shop")
    refuse(monkeypatch, "changed_alias", TableUnavailable("throttled"))
    answer = sent(shop, destination=BOB)
    assert answer.status_code == 503
    assert 'value="bob@tacomail"' in text(answer)


def test_a_switch_that_got_no_answer_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = several(alice=True, bob=True)
    refuse(monkeypatch, "changed_alias", TableUnavailable("throttled"))
    answer = sent(shop, off=BOB)
    assert answer.status_code == 503
    assert fields(answer, url(shop, PART)) == {"off": BOB}


# One less


def test_one_is_removed() -> None:
    shop = several(alice=True, bob=True)
    assert told(sent(shop, remove=BOB)) == ["bob@tacomail is removed from this alias."]
    assert now(shop) == {ALICE: True}


def test_removing_one_twice_does_no_harm() -> None:
    shop = several(alice=True, bob=True)
    for _ in range(2):
        assert sent(shop, remove=BOB).status_code == 303
    assert now(shop) == {ALICE: True}


def test_the_last_one_is_not_removed() -> None:
    shop = alias("shop")
    assert 'name="remove"' not in text(signed_in().get(url(shop)))
    answer = sent(shop, remove=ALICE)
    assert answer.status_code == 422
    assert "An alias keeps at least one destination" in text(answer)
    assert now(shop) == {ALICE: True}


# What stands in the way


def test_one_that_is_switched_off_for_all_says_so(site: SiteTable) -> None:
    registry = Registry(site)
    registry.add_destination(BOB)
    registry.set_destination_active(BOB, False)
    shown = text(signed_in().get(url(several(alice=True, bob=True))))
    assert "It is switched off for all aliases" in shown
    assert "Nothing here can take mail now" not in shown


def test_one_that_nobody_understands_says_so_and_can_be_switched_off(site: SiteTable) -> None:
    identifier = str(uuid.uuid4())
    item = {
        "sub_domain": {"S": "taco.example"},
        "alias_address": {"S": "shop"},
        "application": {"S": "tacomail"},
        "identifier": {"S": identifier},
        "destination": {"S": "<nobody>"},
    }
    site.call("PutItem", {"TableName": site.name, "Item": item})
    shown = text(signed_in().get(url(identifier)))
    assert "&lt;nobody&gt;" in shown
    assert "Nobody can tell where this is" in shown
    assert "Nothing here can take mail now" in shown
    assert signed_in().post(url(identifier, PART), {"off": "<nobody>"}).status_code == 303
    assert Alias.objects.get(pk=identifier).destination_list == [("<nobody>", False)]
    answer = signed_in().post(url(identifier, PART), {"on": "<nobody>"})
    assert answer.status_code == 422
    assert "is no destination" in text(answer)


def test_one_on_a_domain_that_is_served_by_now_says_so(site: SiteTable) -> None:
    shop = alias("shop", destination="me@other.example")
    Registry(site).add_domain("other.example")
    assert "It is on a domain that is served here" in text(signed_in().get(url(shop)))


def test_an_alias_whose_destinations_are_all_off_says_that_its_mail_is_held() -> None:
    assert "Nothing here can take mail now" in text(signed_in().get(url(several(alice=False))))


def test_one_that_nobody_registered_says_so() -> None:
    assert "not registered under Destinations" in text(signed_in().get(url(several(alice=True, bob=True))))


@pytest.mark.parametrize(
    ("data", "most"), [({"off": BOB}, 6), ({"destination": S3}, 6), ({"destination": "me@elsewhere.example"}, 7)]
)
def test_what_it_costs(data: dict[str, str], most: int) -> None:
    shop, client = several(alice=True, bob=True), signed_in()
    with counted_requests() as requests:
        assert client.post(url(shop, PART), data, headers=HTMX).status_code == 200
    assert len(requests) <= most, requests.operations
