"""The older list of domains becomes records of today, and no domain is served less, or more, at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.addresses import stored_form
from aliases.records.adopting import Adoption
from aliases.records.configuration import served_domains
from aliases.records.exceptions import Conflict
from aliases.records.keys import DOMAINS_KEY, KNOWN_DOMAIN, Key
from tests.aliases.records.meeting import InterruptedTable
from tests.aliases.records.older import WatchedTable, content

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from aliases.records.registry import Registry

KEY = DOMAINS_KEY._asdict()


def entry(name: str, active: Any = True, **fields: Any) -> dict[str, Any]:
    return {"subdomain": name, "active": active, "created_datetime": 1, "modified_datetime": 2, **fields}


def adopt(table: Table) -> list[str]:
    """What was left for a person."""
    adoption = Adoption(table)
    plan = adoption.plan()
    for change in plan.changes:
        adoption.carry_out(change)
    return plan.unsolved


def records(table: Table) -> dict[str, dict[str, Any]]:
    """The domains that have a record."""
    return {key.alias_address: item for key, item in content(table).items() if key.sub_domain == KNOWN_DOMAIN}


def served(table: Table) -> set[str]:
    """The domains that the mail functions take mail for."""
    return set(served_domains(table.get(DOMAINS_KEY)) or ())


LISTS = [
    {"configValues": []},
    {"configValues": [entry("taco.example")]},
    {"configValues": [entry("TACO.Example."), entry(" sub.taco.example "), entry("old.example", False)]},
    {"configValues": [entry("taco.example", 1), entry("old.example", "false"), entry("older.example", 0)]},
    {"configValues": [entry("tacob\u00fccher.example")]},
    {"configValues": ["taco.example"]},
    {"configValues": [{"sub_domain": "taco.example"}, {"domain": "b.example"}]},
    {"configValues": [entry("under_score.example"), entry("localhost")]},
    {"configValues": [entry("taco.example", False), entry("Taco.example")]},
    {"configValue": {"taco.example"}, "configValues": [entry("taco.example", False), entry("b.example")]},
    {"configValue": {"TACO.example"}, "configValues": [entry("taco.example")]},
    {"configValue": ["taco.example"], "configValues": [entry("b.example")]},
    {"configValue": "taco.example", "configValues": [entry("b.example")]},
    {"configValue": None, "configValues": [entry("b.example")]},
    {"configValue": None, "configValues": [entry("b.example", False)]},
    {"configValue": ["taco.example"]},
    {"configValue": "taco.example"},
    {"configValue": []},
    {"configValue": None},
]


@pytest.mark.parametrize("attributes", LISTS)
def test_the_same_domains_are_served_before_during_and_after(
    table: Table, rows: Any, registry: Registry, attributes: dict[str, Any]
) -> None:
    rows.put_item(Item={**KEY, **attributes})
    wanted = served(table)
    seen: list[set[str]] = []

    def look(_: int) -> None:
        seen.append(served(table))

    assert adopt(WatchedTable(table, look, look)) == []
    assert seen == [wanted, wanted]
    item = table.get(DOMAINS_KEY)
    assert item is not None
    assert "configValues" not in item
    assert {stored_form(domain.name) for domain in registry.domains() if domain.active} == wanted
    assert Adoption(table).plan().changes == []


@pytest.mark.parametrize(
    "attributes", [{}, {"configValue": {"taco.example"}}, {"configValue": {"a.example"}, "note": "kept"}]
)
def test_an_item_of_today_is_left_alone(table: Table, rows: Any, attributes: dict[str, Any]) -> None:
    rows.put_item(Item={**KEY, **attributes})
    before = content(table)
    assert adopt(table) == []
    assert content(table) == before


def test_a_domain_keeps_its_description_moments_and_unknown_fields(table: Table, rows: Any) -> None:
    fields = {"description": "Tacos", "owner": "Jane", "identifier": "x", "expires": 1, "subdomain": "Taco.example"}
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example", **fields)]})
    adopt(table)
    assert records(table) == {
        "taco.example": {
            "sub_domain": {"S": KNOWN_DOMAIN},
            "alias_address": {"S": "taco.example"},
            "description": {"S": "Tacos"},
            "active": {"BOOL": True},
            "created_datetime": {"N": "1"},
            "modified_datetime": {"N": "2"},
            "owner": {"S": "Jane"},
        }
    }


def test_a_record_that_is_newer_than_the_list_keeps_what_it_says(table: Table, rows: Any, registry: Registry) -> None:
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example", description="old"), entry("b.example")]})
    registry.describe_domain("taco.example", "new")
    registry.describe_domain("b.example", "")
    before = records(table)
    adopt(table)
    assert records(table) == before
    assert [(known.name, known.active, known.description) for known in registry.domains()] == [
        ("b.example", True, ""),
        ("taco.example", True, "new"),
    ]


def test_a_record_without_description_takes_that_of_the_list(table: Table, rows: Any) -> None:
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example", description="Tacos")]})
    rows.put_item(Item={"sub_domain": KNOWN_DOMAIN, "alias_address": "taco.example", "active": False})
    adopt(table)
    (record,) = records(table).values()
    assert (record["description"], record["active"]) == ({"S": "Tacos"}, {"BOOL": True})


def test_after_it_a_domain_of_the_list_can_be_switched_off_and_removed(
    table: Table, rows: Any, registry: Registry
) -> None:
    rows.put_item(Item={**KEY, "configValues": [entry("Taco.example"), entry("old.example", False)]})
    with pytest.raises(Conflict, match="adopt the table first"):
        registry.set_domain_active("taco.example", False)
    adopt(table)
    registry.set_domain_active("taco.example", False)
    assert not registry.serves("taco.example")
    registry.set_domain_active("old.example", True)
    registry.remove_domain("taco.example")
    assert [known.name for known in registry.domains()] == ["old.example"]


@pytest.mark.parametrize(
    ("attributes", "trouble"),
    [
        ({"configValues": "taco.example"}, "it names no domain in a way that is understood"),
        ({"configValues": [{"description": "x"}]}, "it names no domain in a way that is understood"),
        ({"configValue": 7, "configValues": [entry("a.example")]}, "it names no domain in a way that is understood"),
        ({"configValue": {"a": "map"}}, "it names no domain in a way that is understood"),
        ({"configValues": [entry("taco.example"), {"description": "x"}]}, "entry 2 of configValues names no domain"),
        ({"configValues": [entry(" "), entry("taco.example")]}, "entry 1 of configValues names no domain"),
    ],
)
def test_a_list_that_is_not_wholly_understood_is_left_for_a_person(
    table: Table, rows: Any, attributes: dict[str, Any], trouble: str
) -> None:
    rows.put_item(Item={**KEY, **attributes})
    before = content(table)
    assert adopt(table) == [f"tacomail-config/sub_domains stays as it is: {trouble}. Mend it by hand, then repeat"]
    assert content(table) == before


def test_a_list_that_became_odd_since_the_plan_is_not_written_over(table: Table, rows: Any) -> None:
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example")]})
    (change,) = Adoption(table).plan().changes
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example"), {"description": "x"}]})
    before = content(table)
    with pytest.raises(Conflict, match="entry 2 of configValues names no domain"):
        Adoption(table).carry_out(change)
    assert content(table) == before


def test_a_domain_that_the_older_version_adds_meanwhile_is_taken_along(table: Table, rows: Any) -> None:
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example")]})
    late = iter([[entry("taco.example"), entry("late.example")]])

    def add() -> None:
        for values in late:
            rows.put_item(Item={**KEY, "configValues": values})

    assert adopt(InterruptedTable(table, add)) == []
    assert served(table) == {"taco.example", "late.example"}
    assert set(records(table)) == {"taco.example", "late.example"}


def test_a_domain_that_is_added_today_meanwhile_is_kept(table: Table, rows: Any, registry: Registry) -> None:
    rows.put_item(Item={**KEY, "configValues": [entry("taco.example")]})
    names = iter(["new.example"])
    adopt(InterruptedTable(table, lambda: [registry.add_domain(name) for name in names]))
    assert served(table) == {"taco.example", "new.example"}


@pytest.mark.parametrize("older", [{}, {"configValues": [entry("b.example")]}])
def test_a_name_that_is_added_by_hand_meanwhile_is_not_written_over(
    table: Table, rows: Any, older: dict[str, Any]
) -> None:
    rows.put_item(Item={**KEY, **older, "configValue": ["taco.example"]})
    late = iter([["taco.example", "late.example"]])

    def add() -> None:
        for values in late:
            rows.put_item(Item={**KEY, **older, "configValue": values})

    wanted = {"taco.example", "late.example", *(["b.example"] if older else [])}
    assert adopt(InterruptedTable(table, add)) == []
    assert served(table) == wanted


def test_a_list_that_keeps_changing_is_given_up_in_the_end(table: Table, rows: Any) -> None:
    numbers = iter(range(100))

    def grow() -> None:
        rows.put_item(Item={**KEY, "configValues": [entry(f"d{next(numbers)}.example")]})

    grow()
    with pytest.raises(Conflict, match="The list of domains was changed again and again"):
        adopt(InterruptedTable(table, grow))
    assert records(table) == {}


def test_more_domains_than_a_transaction_holds_are_adopted_in_pieces(table: Table, rows: Any) -> None:
    names = {f"d{number}.example" for number in range(150)}
    rows.put_item(Item={**KEY, "configValues": [entry(name) for name in sorted(names)]})
    watched = WatchedTable(table)
    assert adopt(watched) == []
    assert watched.writes == 2
    assert served(table) == names
    assert set(records(table)) == names


def test_a_kill_between_the_pieces_leaves_every_domain_served_and_can_be_taken_up(table: Table, rows: Any) -> None:
    names = {f"d{number}.example" for number in range(150)}
    rows.put_item(Item={**KEY, "configValues": [entry(name) for name in sorted(names)]})

    def die(_: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        adopt(WatchedTable(table, after=die))
    assert served(table) == names
    assert len(records(table)) == 100
    assert adopt(table) == []
    assert served(table) == names
    assert set(records(table)) == names
    assert Key(KNOWN_DOMAIN, "d0.example") in content(table)
