"""The aliases that were deleted lately can be seen as they were, brought back, or forgotten for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.records.exceptions import NotFound
from aliases.records.history import HistoryEntry
from aliases.services.aliases import alias_with_identifier, delete_alias
from aliases.services.histories import history_of, write_down
from aliases.services.restoring import (
    alias_when_deleted,
    deletion_of,
    deletions_lately,
    forget_deleted,
    restore_alias,
)
from tests.aliases.services.making import ALICE, BOB, alias
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def test_the_newest_deletion_comes_first_and_one_call_tells_them() -> None:
    first, second, kept = alias("first"), alias("second"), alias("kept")
    delete_alias(first, by=ALICE)
    delete_alias(second, by=BOB)
    with counted_requests() as requests:
        found = deletions_lately()
    assert [entry.object_name for entry in found] == [second.address, first.address]
    assert kept.address not in {entry.object_name for entry in found}
    assert len(requests) == 1


def test_one_that_is_back_is_not_among_them() -> None:
    gone = alias("shop")
    restore_alias(delete_alias(gone, by=ALICE), by=ALICE)
    assert deletions_lately() == []


def test_a_deleted_alias_is_shown_as_it_was() -> None:
    gone = alias("shop")
    delete_alias(gone, by=ALICE)
    with counted_requests() as requests:
        shown = alias_when_deleted(deletion_of(gone.identifier))
    assert (shown.identifier, shown.address, shown.destination) == (gone.identifier, gone.address, gone.destination)
    assert shown.created_datetime == gone.created_datetime
    assert len(requests) == 1


def test_a_spoilt_snapshot_is_shown_without_what_is_spoilt() -> None:
    gone = alias("shop")
    entry = delete_alias(gone, by=ALICE)
    entry.changes.update({"no_attribute": ["x", None], "description": [], "destination": "?"})  # type: ignore[dict-item]
    assert alias_when_deleted(entry).address == gone.address


def test_what_is_forgotten_can_not_be_brought_back_but_its_history_stays(site: SiteTable) -> None:
    gone = alias("shop")
    forget_deleted(delete_alias(gone, by=ALICE), by=BOB)
    assert deletions_lately() == []
    with pytest.raises(NotFound, match="does not say"):
        restore_alias(deletion_of(gone.identifier), by=ALICE)
    assert [entry.actor for entry in history_of("alias", gone.identifier)][:2] == [BOB, ALICE]


def test_an_alias_is_found_by_its_identifier_however_odd_the_text_is() -> None:
    made = alias("shop")
    assert alias_with_identifier(made.identifier).address == made.address
    for odd in ("", "unknown", "\x00", "\ud800", "x" * 5000, "ä" * 1000):
        with pytest.raises(NotFound) as caught:
            alias_with_identifier(odd)
        assert caught.value.field == "identifier"
        with pytest.raises(NotFound, match="no deleted alias"):
            deletion_of(odd)


def test_entries_of_other_kinds_are_no_deletions_of_aliases() -> None:
    entry = delete_alias(alias("shop"), by=ALICE)
    write_down(HistoryEntry("domain", "taco.example", "taco.example", entry.action, ALICE, {"active": [True, None]}))
    assert [found.object_name for found in deletions_lately()] == [entry.object_name]
