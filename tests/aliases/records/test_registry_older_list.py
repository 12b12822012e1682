"""The older version's list of domains is read as it is and never written: adopting the table comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import AlreadyExists, Conflict
from aliases.records.keys import DOMAINS_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.registry import Registry

OLDER = [
    {"subdomain": "taco.example", "description": "", "active": True, "created_datetime": 1, "modified_datetime": 1},
    {"subdomain": "Old.example", "description": "", "active": False, "created_datetime": 1, "modified_datetime": 1},
]


@pytest.fixture
def older_rows(rows: Any) -> Any:
    rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValues": OLDER})
    return rows


def configuration(rows: Any) -> dict[str, Any]:
    item: dict[str, Any] = rows.get_item(Key=DOMAINS_KEY._asdict())["Item"]
    return item


def test_the_active_domains_of_the_older_list_are_known_and_served(registry: Registry, older_rows: Any) -> None:
    assert [(known.name, known.active) for known in registry.domains()] == [("taco.example", True)]
    assert registry.serves("TACO.example")
    assert not registry.serves("old.example")


def test_a_domain_of_the_older_list_is_a_duplicate(registry: Registry, older_rows: Any) -> None:
    with pytest.raises(AlreadyExists):
        registry.add_domain("Taco.example")


def test_a_new_domain_is_added_beside_the_older_list(registry: Registry, older_rows: Any) -> None:
    registry.add_domain("new.example")
    assert configuration(older_rows) == {**DOMAINS_KEY._asdict(), "configValues": OLDER, "configValue": {"new.example"}}
    assert [known.name for known in registry.domains()] == ["new.example", "taco.example"]


@pytest.mark.parametrize(
    "action",
    [
        lambda registry: registry.set_domain_active("taco.example", False),
        lambda registry: registry.remove_domain("taco.example"),
        lambda registry: registry.check_removable("taco.example"),
    ],
    ids=["switch off", "remove", "ask whether it can be removed"],
)
def test_a_domain_that_only_the_older_list_holds_is_not_changed_before_the_table_is_adopted(
    registry: Registry, older_rows: Any, action: Callable[[Registry], Any]
) -> None:
    before = older_rows.scan()["Items"]
    with pytest.raises(Conflict) as refused:
        action(registry)
    assert refused.value.code == "not_adopted"
    assert str(refused.value) == (
        "taco.example is in the older version's list of domains, which this version only reads: adopt the table first."
    )
    assert older_rows.scan()["Items"] == before


def test_a_domain_that_both_shapes_hold_is_not_left_served_in_silence(registry: Registry, older_rows: Any) -> None:
    older_rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValues": OLDER, "configValue": {"taco.example"}})
    with pytest.raises(Conflict) as refused:
        registry.set_domain_active("taco.example", False)
    assert refused.value.code == "not_adopted"


def test_a_domain_beside_the_older_list_can_be_removed(registry: Registry, older_rows: Any) -> None:
    registry.add_domain("new.example")
    registry.remove_domain("new.example")
    assert [known.name for known in registry.domains()] == ["taco.example"]
    assert configuration(older_rows)["configValues"] == OLDER
