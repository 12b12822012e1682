"""A kill at any point of adopting leaves a table on which mail goes on, and a second run ends the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.records.addresses import full_address
from aliases.records.adopting import Adoption
from aliases.records.connection import item_key
from aliases.records.envelope import read_envelope
from aliases.records.keys import may_hold_aliases
from mailhandlers.disposition import decide_recipient
from tests.aliases.records.older import Killed, WatchedTable, fill, is_adopted, items, killed_at

if TYPE_CHECKING:
    from aliases.records.connection import Table

WRITES = 8  # of adopting the older table: domains, three aliases, four destinations
LOCAL = frozenset({"tacomail"})
KEYS = [key for key in map(item_key, items("older_table")) if may_hold_aliases(key.sub_domain)]


def adopt(table: Table) -> None:
    adoption = Adoption(table)
    for change in adoption.plan().changes:
        adoption.carry_out(change)


def decisions(table: Table) -> list[object]:
    """What becomes of mail for every address of the older table, as the mail functions decide it."""
    addresses = [full_address(key) for key in KEYS]
    records = read_envelope(table, addresses)
    found = [decide_recipient(address, records, LOCAL) for address in addresses]
    return [(one.decision, one.reason, [(target.destination, target.hold) for target in one.targets]) for one in found]


def test_mail_is_decided_alike_before_and_after_every_write(table: Table) -> None:
    fill(table)
    before = decisions(table)
    seen: list[list[object]] = []

    def look(_: int) -> None:
        seen.append(decisions(table))

    watched = WatchedTable(table, look, look)
    adopt(watched)
    assert watched.writes == WRITES
    assert seen == [before] * (2 * WRITES)


@pytest.mark.parametrize("number", range(1, WRITES + 1))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_second_run_ends_the_same(table: Table, number: int, moment: str) -> None:
    fill(table)
    dying = WatchedTable(table, **{moment: killed_at(number)})
    with pytest.raises(Killed):
        adopt(dying)
    adopt(table)
    assert is_adopted(table)
