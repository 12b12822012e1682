"""`manage.py alias history` and `alias restore`; and that every command is told to the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management.base import CommandError

from aliases.services.aliases import find_alias, pause_alias
from tests.aliases.management.calling import command, command_json

if TYPE_CHECKING:
    from tests.support.installation import Installation

SHOP = "shop@taco.example"


def told(address: str) -> list[tuple[str, str]]:
    return [(entry["actor"], entry["action"]) for entry in command_json("alias", "history", address)]


@pytest.mark.parametrize(
    ("words", "address", "action"),
    [
        (("add", "new@taco.example", "bob@tacomail"), "new@taco.example", "created"),
        (("pause", SHOP), SHOP, "paused"),
        (("resume", SHOP), SHOP, "resumed"),
        (("ignore", SHOP), SHOP, "ignored"),
        (("describe", SHOP, "shoes"), SHOP, "changed"),
        (("destinations", SHOP, "bob@tacomail"), SHOP, "changed"),
        (("rename", SHOP, "till@taco.example"), "till@taco.example", "renamed"),
        (("delete", SHOP), SHOP, "deleted"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
@pytest.mark.usefixtures("installation")
def test_every_command_is_told_with_who_did_it(words: tuple[str, ...], address: str, action: str) -> None:
    command("alias", *words)
    assert told(address) == [("command line", action)]


@pytest.mark.usefixtures("installation")
def test_the_history_is_a_table_newest_first() -> None:
    command("alias", "destinations", SHOP, "bob@tacomail", "S3=off")
    pause_alias(find_alias(SHOP), by="alice")
    command("alias", "rename", SHOP, "till@taco.example")
    heading, *lines = command("alias", "history", "till@taco.example").splitlines()
    assert heading.split() == ["WHEN", "WHO", "WHAT", "ADDRESS", "CHANGES"]
    assert [line.split("  ", 1)[1] for line in lines] == [
        "command line  renamed  till@taco.example  full_address: till@taco.example",
        "alice         paused   shop@taco.example  active_alias: no",
        "command line  changed  shop@taco.example  destinations: bob@tacomail, S3 (off)",
    ]


@pytest.mark.usefixtures("installation")
def test_an_alias_that_nobody_changed_has_none() -> None:
    assert command("alias", "history", SHOP) == f"The history says nothing about {SHOP}.\n"
    assert command_json("alias", "history", SHOP) == []


@pytest.mark.usefixtures("installation")
def test_the_history_of_a_deleted_alias_is_found_by_its_last_address() -> None:
    command("alias", "rename", SHOP, "till@taco.example")
    command("alias", "delete", "till@taco.example")
    assert told("TILL@Taco.Example") == [("command line", "deleted"), ("command line", "renamed")]


@pytest.mark.parametrize("action", ["history", "restore"])
@pytest.mark.usefixtures("installation")
def test_an_address_that_never_was_is_told(action: str) -> None:
    with pytest.raises(CommandError, match=r"^There is no alias nosuch@taco\.example\.$"):
        command("alias", action, "nosuch@taco.example")


def test_a_deleted_alias_is_brought_back_with_its_counters(installation: Installation) -> None:
    before = installation.alias("multi@taco.example")
    command("alias", "delete", "multi@taco.example")
    assert command("alias", "restore", "multi@taco.example") == "multi@taco.example is back, as it was.\n"
    after = installation.alias("multi@taco.example")
    for name in ("identifier", "destinations", "use_count", "created_datetime"):
        assert after[name] == before[name]


@pytest.mark.usefixtures("installation")
def test_an_alias_that_is_there_cannot_be_brought_back() -> None:
    with pytest.raises(CommandError, match="The history knows no deleted alias"):
        command("alias", "restore", SHOP)


def test_the_destination_of_a_json_entry_has_before_and_after(installation: Installation) -> None:
    command("alias", "describe", SHOP, "shoes")
    (entry,) = command_json("alias", "history", SHOP)
    expected: dict[str, Any] = {
        "actor": "command line",
        "action": "changed",
        "full_address": SHOP,
        "identifier": installation.alias(SHOP)["identifier"],
        "changes": {"description": ["", "shoes"]},
    }
    assert entry.pop("moment") > 1_700_000_000
    assert entry == expected
