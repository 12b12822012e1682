from __future__ import annotations

from tacomail_site.deployment.merging import merged

OURS = [{"Id": "ours", "value": 1}]
THEIRS = {"Id": "theirs", "value": 2}


def test_an_empty_list_gets_our_entries() -> None:
    assert merged([], OURS, "Id") == OURS


def test_nothing_is_to_be_written_when_our_entries_are_there() -> None:
    assert merged([THEIRS, *OURS], OURS, "Id") is None


def test_somebody_elses_entries_stay() -> None:
    assert merged([THEIRS], OURS, "Id") == [THEIRS, *OURS]


def test_an_altered_entry_of_ours_is_replaced() -> None:
    assert merged([{"Id": "ours", "value": 9}, THEIRS], OURS, "Id") == [THEIRS, *OURS]


def test_an_entry_of_ours_that_is_there_twice_is_written_once() -> None:
    assert merged([*OURS, *OURS], OURS, "Id") == OURS


def test_an_entry_without_an_identity_stays() -> None:
    assert merged([{"value": 3}], OURS, "Id") == [{"value": 3}, *OURS]
