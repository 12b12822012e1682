"""Which domains are served, in every shape in which the table ever said so, asked through the SES function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.registry import Registry
from tests.support.events import ses_event
from tests.support.inputs import event

if TYPE_CHECKING:
    from tests.support.installation import Installation

KEY = {"sub_domain": "tacomail-config", "alias_address": "sub_domains"}
ACCEPT, BOUNCE, DROP = "CONTINUE", "STOP_RULE", "STOP_RULE_SET"


def older(*domains: tuple[str, Any]) -> list[dict[str, Any]]:
    """Entries as the older version wrote them."""
    return [
        {"subdomain": name, "description": "", "active": active, "created_datetime": 1, "modified_datetime": 1}
        for name, active in domains
    ]


def say(installation: Installation, **attributes: Any) -> None:
    installation.rows.put_item(Item={**KEY, **attributes})


@pytest.mark.parametrize(
    "attributes",
    [
        {"configValue": {"taco.example"}},
        {"configValue": {"TACO.EXAMPLE", "other.example"}},
        {"configValue": {"taco.example."}},
        {"configValue": ["taco.example"]},
        {"configValue": "taco.example"},
        {"configValues": older(("taco.example", True))},
        {"configValues": older(("other.example", True), ("taco.example", 1))},
        {"configValues": older(("taco.example", "true"))},
        {"configValues": [{"subdomain": "taco.example"}]},
        {"configValues": [{"sub_domain": "taco.example"}]},
        {"configValues": ["taco.example"]},
        {"configValue": {"other.example"}, "configValues": older(("Taco.Example", True))},
        {"configValue": {"taco.example"}, "configValues": []},
        {"configValue": None, "configValues": older(("taco.example", True))},
    ],
)
def test_a_domain_is_served_in_every_shape_that_was_ever_stored(
    installation: Installation, attributes: dict[str, Any]
) -> None:
    say(installation, **attributes)
    assert installation.ask(ses_event("shop@taco.example", seed="1")) == ACCEPT
    assert installation.ask(ses_event("quiet@taco.example", seed="2")) == DROP
    assert installation.ask(ses_event("closed@taco.example", seed="3")) == BOUNCE
    assert installation.ask(ses_event("archived@old-taco.example", seed="4")) == BOUNCE


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"configValue": {"other.example"}},
        {"configValues": older(("taco.example", False))},
        {"configValues": older(("taco.example", 0), ("other.example", True))},
        {"configValues": older(("taco.example", "false"))},
        {"configValues": []},
    ],
)
def test_a_domain_that_is_not_among_the_active_ones_is_refused(
    installation: Installation, attributes: dict[str, Any]
) -> None:
    say(installation, **attributes)
    assert installation.ask(ses_event("shop@taco.example")) == BOUNCE
    assert installation.outcomes("shop@taco.example") == [("refused", "unserved_domain")]


@pytest.mark.parametrize(
    "attributes", [{"configValue": 7}, {"configValue": {"a": "b"}}, {"configValues": "taco.example"}]
)
def test_a_record_in_a_shape_that_nobody_wrote_bounces_no_live_alias(
    installation: Installation, attributes: dict[str, Any]
) -> None:
    say(installation, **attributes)
    assert installation.ask(ses_event("shop@taco.example")) == ACCEPT


def test_where_the_record_is_absent_the_alias_alone_decides(installation: Installation) -> None:
    installation.rows.delete_item(Key=KEY)
    names = ["shop@taco.example", "archived@old-taco.example", "quiet@taco.example", "closed@taco.example"]
    answers = [installation.ask(ses_event(name, seed=name)) for name in [*names, "nosuch@taco.example"]]
    assert answers == [ACCEPT, ACCEPT, DROP, BOUNCE, BOUNCE]


def test_the_scenario_is_the_catalogued_one() -> None:
    whens = [case.get("when", "") for case in event("empty_sets_scenario")["cases"]]
    assert [when.split()[-1] for when in whens if when] == ["removed", "that", "written", "empty"]


def test_switching_the_last_domain_off_refuses_and_switching_it_on_again_accepts(installation: Installation) -> None:
    registry = Registry(installation.table)
    say(installation, configValue={"taco.example"})
    registry.set_domain_active("taco.example", False)
    assert "configValue" not in installation.rows.get_item(Key=KEY)["Item"]
    assert installation.ask(ses_event("shop@taco.example", seed="1")) == BOUNCE
    registry.set_domain_active("taco.example", True)
    assert installation.ask(ses_event("shop@taco.example", seed="2")) == ACCEPT


def test_mail_for_a_paused_destination_is_held(installation: Installation) -> None:
    Registry(installation.table).set_destination_active("alice@tacomail", False)
    key = installation.receive("shop@taco.example")
    assert installation.deliver(key) == {"held": 1}
    assert installation.outcomes("shop@taco.example") == [("held", "paused_destination")]
    assert installation.has(key)


@pytest.mark.parametrize("odd", [{"configValue": None}, {"paused": 7}, {"paused": {"note": "map"}}, {"paused": []}])
def test_an_odd_record_of_destinations_holds_nothing(installation: Installation, odd: dict[str, Any]) -> None:
    installation.rows.put_item(Item={"sub_domain": "tacomail-config", "alias_address": "destinations", **odd})
    assert installation.deliver(installation.receive("shop@taco.example")) == {"done": 1}
