"""Where the history takes no entry, the change is done all the same, nobody is told otherwise, and the log has it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias, Domain, State
from aliases.records.exceptions import NotFound, TableRefused, TableUnavailable
from aliases.records.history import Action, HistoryEntry, HistoryStore
from aliases.services.aliases import create_alias, delete_alias, rename_alias
from aliases.services.bulk import set_states
from aliases.services.domains import add_domain
from aliases.services.histories import history_of, write_down
from tests.aliases.services.making import ALICE, alias, read
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

pytestmark = pytest.mark.usefixtures("site")

LOGGER = "aliases.services.history"


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
    def fail(store: HistoryStore, entries: Sequence[HistoryEntry]) -> None:
        raise error or TableUnavailable("busy")

    monkeypatch.setattr(HistoryStore, "add", fail)


def told(log: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The entries that the log has."""
    lines = [record for record in log.records if record.name == LOGGER]
    assert {record.levelno for record in lines} <= {logging.ERROR}
    assert all("This was done, but the history may lack it" in record.getMessage() for record in lines)
    return [json.loads(record.getMessage().partition("): ")[2]) for record in lines]


@pytest.mark.parametrize("error", [TableUnavailable("busy"), TableRefused("denied")])
def test_a_change_is_done_and_its_entry_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    shop = alias()
    refuse(monkeypatch, error)
    assert rename_alias(shop, "till", by=ALICE).address == f"till@{DOMAIN}"
    assert read(shop).address == f"till@{DOMAIN}"
    (entry,) = told(caplog)
    assert (entry["kind"], entry["object_id"], entry["action"], entry["actor"]) == ("alias", shop.pk, "renamed", ALICE)
    assert entry["changes"] == {"full_address": [f"shop@{DOMAIN}", f"till@{DOMAIN}"]}


@pytest.mark.parametrize(
    ("act", "is_done"),
    [
        (
            lambda: create_alias(DOMAIN, local_part="new", destination="S3", by=ALICE),
            lambda: Alias.objects.get(sub_domain=DOMAIN, alias_address="new"),
        ),
        (lambda: add_domain("b.example", by=ALICE), lambda: Domain.objects.get(pk="b.example")),
    ],
    ids=["create", "add a domain"],
)
def test_what_is_new_is_there_and_returned(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    act: Callable[[], Any],
    is_done: Callable[[], Any],
) -> None:
    refuse(monkeypatch)
    assert act() == is_done()
    assert [entry["action"] for entry in told(caplog)] == ["created"]


def test_a_deletion_can_still_be_undone_from_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shop = alias(description="shoes")
    refuse(monkeypatch)
    delete_alias(shop, by=ALICE)
    (entry,) = told(caplog)
    assert entry["changes"]["description"] == ["shoes", None]
    assert not Alias.objects.exists()


def test_all_of_many_changes_are_done_and_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    aliases = [alias(f"a{number}") for number in range(30)]
    refuse(monkeypatch)
    assert all(done.error is None for done in set_states(aliases, State.PAUSED, by=ALICE))
    assert {entry["object_id"] for entry in told(caplog)} == {one.pk for one in aliases}
    assert {one.state for one in Alias.objects.all()} == {State.PAUSED}


def test_what_the_history_has_taken_is_not_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add, left = HistoryStore.add, [1]

    def fail_second(store: HistoryStore, entries: Sequence[HistoryEntry]) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise TableUnavailable("busy")
        add(store, entries)

    monkeypatch.setattr(HistoryStore, "add", fail_second)
    write_down(*(HistoryEntry("alias", f"id-{number}", "x", Action.CHANGED, ALICE) for number in range(30)))
    assert [entry["object_id"] for entry in told(caplog)] == [f"id-{number}" for number in range(25, 30)]
    assert len(list(history_of("alias", "id-24"))) == 1


def test_a_change_that_is_refused_is_neither_in_the_history_nor_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    shop = alias()
    delete_alias(shop, by=ALICE)
    with pytest.raises(NotFound):
        rename_alias(shop, "till", by=ALICE)
    assert told(caplog) == []
    assert [entry.action for entry in history_of("alias", shop.pk)] == [Action.DELETED, Action.CREATED]
