"""An import that ends at any of its writes, before it or with its answer lost, and is run again."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from aliases.exchange.importing import import_aliases
from aliases.exchange.reading import read_rows
from aliases.exchange.results import Options, RowOutcome
from aliases.records.destinations import LOCAL_DOMAINS
from aliases.records.exceptions import TableUnavailable
from aliases.records.history import HistoryStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import imported, many
from tests.support.site import DESTINATION, DOMAIN, add_domain_and_destination, empty_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

ROWS = f"""address,state,destination,description
there@{DOMAIN},paused,{DESTINATION},changed
one@{DOMAIN},active,{DESTINATION},1
two@new.example.com,ignored,bob@tacomail,2
three@new.example.com,active,bob@example.org,3
"""
WRITES = 9  # aliases: 3 new, 1 changed; 1 domain and 2 destinations added; the history in 1, and room for 1


class Breaking:
    """Lets so many writes of the table through and breaks the next one off, before or after it is carried out."""

    def __init__(self, table: SiteTable, monkeypatch: pytest.MonkeyPatch, *, after: int, carried_out: bool) -> None:
        self.left = after
        self.carried_out = carried_out
        self.broke = False
        for name in ("put", "update", "transact", "call"):
            monkeypatch.setattr(table, name, self.counted(getattr(table, name)))

    def counted(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **more: Any) -> Any:
            is_write = not isinstance(arguments[0], str) or arguments[0] == "BatchWriteItem"
            if not is_write:
                return act(*arguments, **more)
            self.left -= 1
            if self.left != -1:
                return act(*arguments, **more)
            self.broke = True
            if self.carried_out:
                act(*arguments, **more)
            raise TableUnavailable("gone")

        return counting


def filled() -> SiteTable:
    table = empty_table()
    add_domain_and_destination(table)
    AliasStore(table).create("there", DOMAIN, DESTINATION, description="before")
    return table


def everything(table: SiteTable, rows: str) -> None:
    imported(table, rows, update=True, add_domains=True, add_destinations=True)


def state(table: SiteTable) -> tuple[Any, ...]:
    registry = Registry(table)
    settings = {
        alias.address: (alias.active_alias, alias.ignore_alias, alias.destination, alias.description)
        for alias in AliasStore(table).aliases()
    }
    return settings, [known.name for known in registry.domains()], [known.name for known in registry.destinations()]


def identifiers(table: SiteTable) -> dict[str, str | None]:
    return {alias.address: alias.identifier for alias in AliasStore(table).aliases()}


@pytest.mark.parametrize("carried_out", [False, True])
def test_broken_off_at_any_write_and_run_again_it_ends_the_same(
    empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch, carried_out: bool
) -> None:
    table = filled()
    everything(table, ROWS)
    wanted = state(table)
    broken = 0
    for after in range(WRITES):
        table = filled()
        with monkeypatch.context() as patch:
            breaking = Breaking(table, patch, after=after, carried_out=carried_out)
            if after < WRITES - 1:
                with pytest.raises(TableUnavailable, match="gone"):
                    everything(table, ROWS)
            else:
                everything(table, ROWS)
            broken += breaking.broke
        before = identifiers(table)
        everything(table, ROWS)
        assert state(table) == wanted
        assert before.items() <= identifiers(table).items()
    assert broken == WRITES - 1


def test_what_was_done_before_the_end_is_in_the_history(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        Breaking(site, patch, after=31, carried_out=False)  # 30 aliases, and the history of 25 of them
        with pytest.raises(TableUnavailable):
            imported(site, many(40))
    aliases = list(AliasStore(site).aliases())
    assert len(aliases) == 30
    assert all(len(list(HistoryStore(site).of("alias", alias.identifier or ""))) == 1 for alias in aliases)


def test_a_run_that_is_stopped_by_its_caller_carries_out_no_row_more(site: SiteTable) -> None:
    rows = read_rows(io.BytesIO(many(10).encode()))
    with closing(import_aliases(rows, site, LOCAL_DOMAINS, Options(apply=True))) as running:
        results = [next(running) for _ in range(3)]
    assert [result.outcome for result in results] == [RowOutcome.ADDED] * 3
    aliases = list(AliasStore(site).aliases())
    assert len(aliases) == 3
    assert all(len(list(HistoryStore(site).of("alias", alias.identifier or ""))) == 1 for alias in aliases)
