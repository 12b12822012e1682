"""Which domains are served and which destinations are off, in every shape in which that was ever stored."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.configuration import paused_destinations, served_domains


def item(**attributes: Any) -> dict[str, dict[str, Any]]:
    return {"sub_domain": {"S": "tacomail-config"}, "alias_address": {"S": "sub_domains"}, **attributes}


def served(**attributes: Any) -> set[str] | None:
    found = served_domains(item(**attributes))
    return None if found is None else set(found)


def older(*entries: dict[str, Any]) -> dict[str, Any]:
    """The older version's list of maps."""
    return {"L": [{"M": entry} for entry in entries]}


def entry(domain: str, **attributes: Any) -> dict[str, Any]:
    return {"subdomain": {"S": domain}, "description": {"S": "made in 2023"}, **attributes}


def test_a_string_set_names_the_served_domains_in_their_stored_form() -> None:
    found = served(configValue={"SS": ["Taco.Example", "tacobücher.example", "sub.taco.example."]})
    assert found == {"taco.example", "xn--tacobcher-u9a.example", "sub.taco.example"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"L": [{"S": "taco.example"}, {"S": "B.example"}]}, {"taco.example", "b.example"}),
        ({"S": "taco.example"}, {"taco.example"}),
    ],
)
def test_a_list_or_a_single_text_reads_as_the_set(raw: dict[str, Any], expected: set[str]) -> None:
    assert served(configValue=raw) == expected


ON = [{"BOOL": True}, {"N": "1"}, {"S": "true"}, {"S": "yes"}, {"NULL": True}]
OFF = [{"BOOL": False}, {"N": "0"}, {"S": "false"}, {"S": "0"}, {"S": "inactive"}]


@pytest.mark.parametrize("active", ON, ids=str)
def test_an_active_entry_of_the_older_list_is_served(active: dict[str, Any]) -> None:
    assert served(configValues=older(entry("Taco.example", active=active))) == {"taco.example"}


@pytest.mark.parametrize("active", OFF, ids=str)
def test_an_inactive_entry_of_the_older_list_is_not_served(active: dict[str, Any]) -> None:
    found = served(configValues=older(entry("taco.example", active=active), entry("b.example")))
    assert found == {"b.example"}


def test_an_entry_of_the_older_list_without_active_is_served() -> None:
    assert served(configValues=older(entry("taco.example"))) == {"taco.example"}


@pytest.mark.parametrize("name", ["subdomain", "sub_domain", "domain"])
def test_an_entry_of_the_older_list_may_name_its_domain_in_three_ways(name: str) -> None:
    assert served(configValues=older({name: {"S": "taco.example"}})) == {"taco.example"}


def test_an_odd_entry_of_the_older_list_does_not_hide_the_others() -> None:
    entries = {
        "L": [{"N": "1"}, {"M": {}}, {"M": {"subdomain": {"N": "5"}}}, {"S": "a.example"}, {"M": entry("b.example")}]
    }
    assert served(configValues=entries) == {"a.example", "b.example"}


def test_both_shapes_together_serve_what_either_names() -> None:
    values, list_of_maps = {"SS": ["a.example"]}, older(entry("b.example"), entry("a.example"))
    assert served(configValue=values, configValues=list_of_maps) == {"a.example", "b.example"}


def test_an_absent_item_does_not_say_which_domains_are_served() -> None:
    assert served_domains(None) is None


@pytest.mark.parametrize("attributes", [{}, {"configValues": {"L": []}}, {"configValue": {"NULL": True}}], ids=str)
def test_an_item_without_values_serves_no_domain(attributes: dict[str, Any]) -> None:
    assert served(**attributes) == set()


@pytest.mark.parametrize(
    "attributes",
    [
        {"configValue": {"N": "1"}},
        {"configValue": {"BOOL": True}},
        {"configValue": {"M": {"taco.example": {"BOOL": True}}}},
        {"configValue": {"B": b"taco.example"}},
        {"configValue": {"NS": ["1", "2"]}},
        {"configValue": {"BS": [b"taco.example"]}},
        {"configValue": {"L": [{"N": "1"}]}},
        {"configValues": {"S": "taco.example"}},
        {"configValues": {"M": {"0": {"M": {"subdomain": {"S": "taco.example"}}}}}},
        {"configValues": {"L": [{"M": {"hostname": {"S": "taco.example"}}}]}},
        {"configValues": {"L": [{"N": "1"}]}},
    ],
    ids=str,
)
def test_values_in_a_shape_that_nobody_wrote_refuse_no_mail(attributes: dict[str, Any]) -> None:
    """None lets the alias decide; an empty set would bounce everything."""
    assert served(**attributes) is None


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"paused": {"SS": ["Alice@Example.org", "S3"]}}, {"alice@example.org", "s3"}),
        ({"paused": {"L": [{"S": "alice@tacomail"}, {"N": "1"}]}}, {"alice@tacomail"}),
        ({"paused": {"S": "alice@tacomail"}}, {"alice@tacomail"}),
        ({"paused": {"N": "1"}}, set()),
        ({"paused": {"NULL": True}}, set()),
        ({"configValue": {"SS": ["alice@tacomail"]}}, set()),
        ({}, set()),
    ],
)
def test_the_paused_destinations_compare_without_case(attributes: dict[str, Any], expected: set[str]) -> None:
    assert paused_destinations(item(**attributes)) == expected


def test_without_the_item_no_destination_is_paused() -> None:
    assert paused_destinations(None) == frozenset()
