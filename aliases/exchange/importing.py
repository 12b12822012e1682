"""Carries out what rows want, a hundred at a time, and reports on each."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from aliases.exchange.dialects import RefusedRow, Wanted, dialect_of
from aliases.records.addresses import alias_key, full_address, parse_mailbox
from aliases.records.alias import Alias
from aliases.records.connection import BATCH_KEYS, from_item, to_item
from aliases.records.destinations import DestinationKind, comparison_form, parse_destination
from aliases.records.exceptions import AlreadyExists, ConditionFailed, InvalidAddress, RecordError, TableError
from aliases.records.history import Action, HistoryEntry, HistoryStore
from aliases.records.keys import APPLICATION, Key
from aliases.records.registry import Registry
from aliases.records.store import AliasStore, Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.exchange.reading import Row, Rows
    from aliases.records.connection import Table


T = TypeVar("T")


class RowOutcome(StrEnum):
    ADDED = "added"  # a new alias
    CHANGED = "changed"  # an alias that was there has the file's settings now
    UNCHANGED = "unchanged"  # it was there with these settings
    LEFT = "left"  # it was there with other settings, and `update` is off
    REFUSED = "refused"  # nothing was done; the reason says why


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `line` is where it begins in the file."""

    line: int
    address: str
    outcome: RowOutcome
    reason: str = ""
    warnings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """`destination` stands in where a row has none. Without `apply` nothing is written, and the report is the same."""

    apply: bool = False
    update: bool = False
    destination: str = ""
    add_domains: bool = False
    add_destinations: bool = False
    by: str = "import"


@dataclass(slots=True)
class _Plan:
    """A row that is sound by itself."""

    row: Row
    key: Key
    wanted: Wanted
    destination: str | None
    destinations: dict[str, bool] | None


@dataclass(slots=True)
class _Seen:
    """What the file had so far, by small keys: it may hold any number of rows."""

    lines: dict[Key, int] = field(default_factory=dict)
    identifiers: set[str] = field(default_factory=set)


def import_aliases(source: Rows, table: Table, local_domains: frozenset[str], options: Options) -> Iterator[RowResult]:
    """The result of each row, in the order of the file. Raises UnreadableFile, TableError.

    Cost: 2 calls and a listing of the aliases at the beginning; 1 call for each 100 rows, 1 for each alias added or
    changed, and 1 for each 25 of these.
    """
    return _Import(source, table, local_domains, options).results()


class _Import:
    def __init__(self, source: Rows, table: Table, local_domains: frozenset[str], options: Options) -> None:
        self.dialect, self.header = dialect_of(source.header)
        self.rows = source.rows
        self.table = table
        self.options = options
        self.local_domains = local_domains
        self.store = AliasStore(table, local_domains)
        self.registry = Registry(table, local_domains)
        self.history = HistoryStore(table)
        self.served = {known.name for known in self.registry.domains() if known.active}
        self.known = {comparison_form(known.name) for known in self.registry.destinations()}
        self.seen = _Seen(identifiers={alias.identifier for alias in self.store.aliases() if alias.identifier})

    def results(self) -> Iterator[RowResult]:
        while batch := list(islice(self.rows, BATCH_KEYS)):
            plans = [self._planned(row) for row in batch]
            keys = [plan.key for plan in plans if isinstance(plan, _Plan)]
            found, unread = self.table.batch_get(keys) if keys else ({}, set())
            found |= {key: item for key in unread if (item := self.table.get(key)) is not None}
            entries: list[HistoryEntry] = []
            try:
                for plan in plans:
                    if isinstance(plan, RowResult):
                        yield plan
                    else:
                        item = found.get(plan.key)
                        yield self._done(plan, None if item is None else from_item(Alias, item), entries)
            finally:
                self.history.add(entries)  # also of a run that is broken off here

    # What a row says by itself

    def _planned(self, row: Row) -> _Plan | RowResult:
        address = ""
        try:
            wanted = self.dialect.wanted(row, self.header)
            address = wanted.address
            return self._plan(row, wanted)
        except (RefusedRow, InvalidAddress) as error:
            return RowResult(row.line, address, RowOutcome.REFUSED, str(error), cells=row.cells)

    def _plan(self, row: Row, wanted: Wanted) -> _Plan:
        mailbox = parse_mailbox(wanted.address) if wanted.address else None
        if mailbox is None:
            raise RefusedRow("it names no address")
        key = alias_key(wanted.address.rpartition("@")[0], mailbox.domain_as_written)
        if key in self.seen.lines:
            raise RefusedRow(f"{full_address(key)} is on line {self.seen.lines[key]} already")
        self._check_domain(key.sub_domain)
        single, several = self._targets(wanted, key)
        self.seen.lines[key] = row.line
        return _Plan(row, key, wanted, single, several)

    def _check_domain(self, domain: str) -> None:
        if domain in self.served:
            return
        if not self.options.add_domains:
            raise RefusedRow(f"{domain} is not served here: add it first, or use --add-domains")
        if self.options.apply:
            try:
                self.registry.add_domain(domain, "Added by an import")
            except AlreadyExists:
                self.registry.set_domain_active(domain, True)
        self.served.add(domain)

    def _targets(self, wanted: Wanted, key: Key) -> tuple[str | None, dict[str, bool] | None]:
        """The destinations in their stored form. Raises RefusedRow, InvalidAddress."""
        single = None if wanted.destination is None else self._target(wanted.destination, key)
        several: dict[str, bool] | None = None
        if wanted.destinations is not None:
            several = {self._target(text, key): on for text, on in wanted.destinations.items()}
        if not single and not several:
            single = self._target(self.options.destination, key)
            if not single:
                raise RefusedRow("it has no destination: name one for such rows with --destination")
        return single, several

    def _target(self, text: str, key: Key) -> str:
        if not text:
            return ""
        target = parse_destination(text, self.local_domains)
        domain = target.text.rpartition("@")[2]
        if target.kind is DestinationKind.MAILBOX and (domain in self.served or domain == key.sub_domain):
            raise RefusedRow(f"{target.text} is on {domain}, which is served here: mail would come back")
        self._register(target.text)
        return target.text

    def _register(self, destination: str) -> None:
        if not self.options.add_destinations or comparison_form(destination) in self.known:
            return
        if self.options.apply:
            with suppress(AlreadyExists):  # somebody else did at the same moment, which is as good
                self.registry.add_destination(destination, "Added by an import")
        self.known.add(comparison_form(destination))

    # What becomes of it

    def _done(self, plan: _Plan, there: Alias | None, entries: list[HistoryEntry]) -> RowResult:
        try:
            outcome, reason = self._added(plan) if there is None else self._met(plan, there)
        except TableError:
            raise  # it would be the same with the rows that follow
        except RecordError as error:
            return self._result(plan, RowOutcome.REFUSED, str(error))
        if self.options.apply and outcome in {RowOutcome.ADDED, RowOutcome.CHANGED}:
            identifier = (plan.wanted.identifier if there is None else there.identifier) or ""
            address = full_address(plan.key)
            entries.append(HistoryEntry("alias", identifier, address, Action.IMPORTED, self.options.by))
        return self._result(plan, outcome, reason)

    def _result(self, plan: _Plan, outcome: RowOutcome, reason: str) -> RowResult:
        cells = plan.row.cells if outcome in {RowOutcome.REFUSED, RowOutcome.LEFT} else ()
        return RowResult(plan.row.line, full_address(plan.key), outcome, reason, tuple(plan.wanted.warnings), cells)

    def _added(self, plan: _Plan) -> tuple[RowOutcome, str]:
        wanted = plan.wanted
        if wanted.identifier in self.seen.identifiers:
            wanted.warnings.append(f"identifier {wanted.identifier} belongs to another alias; a new one was made")
            wanted.identifier = ""
        wanted.identifier = wanted.identifier or str(uuid.uuid4())
        self.seen.identifiers.add(wanted.identifier)
        if self.options.apply:
            try:
                self.table.put(to_item(_record(plan)), Alias.sub_domain.does_not_exist())
            except ConditionFailed as error:
                raise AlreadyExists(
                    f"{full_address(plan.key)} was made by somebody else at the same moment."
                ) from error
        return RowOutcome.ADDED, ""

    def _met(self, plan: _Plan, there: Alias) -> tuple[RowOutcome, str]:
        change = _difference(plan, there)
        if change == Change():
            return RowOutcome.UNCHANGED, ""
        if not self.options.update:
            return RowOutcome.LEFT, "it is there with other settings; --update gives it those of the file"
        if self.options.apply:
            self.store.change(plan.key, change, there.identifier)
        return RowOutcome.CHANGED, ""


def _record(plan: _Plan) -> Alias:
    """The alias of a row. What the file does not say is as for a new one."""
    wanted, now = plan.wanted, int(time.time())
    numbers: dict[str, Any] = {"created_datetime": now, "modified_datetime": now, **wanted.moments, **wanted.counts}
    return Alias(
        sub_domain=plan.key.sub_domain,
        alias_address=plan.key.alias_address,
        application=APPLICATION,
        identifier=wanted.identifier,
        full_address=full_address(plan.key),
        active_alias=True if wanted.active is None else wanted.active,
        ignore_alias=bool(wanted.ignore),
        destination=plan.destination or None,
        destinations={text: {"active": on} for text, on in (plan.destinations or {}).items()} or None,
        description=wanted.description or None,
        **numbers,
    )


def _difference(plan: _Plan, there: Alias) -> Change:
    """What the file says otherwise about an alias that is there; its counts and moments are not touched."""
    wanted = plan.wanted
    several = there.destinations if isinstance(there.destinations, dict) else {}
    now = {
        text: bool(value.get("active", True)) if isinstance(value, dict) else True for text, value in several.items()
    }
    return Change(
        active=_other(wanted.active, there.active_alias),
        ignore=_other(wanted.ignore, there.ignore_alias),
        destination=_other(plan.destination or None, there.destination),
        destinations=None if plan.destinations is None or plan.destinations == now else plan.destinations,
        description=None if (wanted.description or "") == (there.description or "") else wanted.description,
    )


def _other(wanted: T | None, there: T | None) -> T | None:
    return None if wanted is None or wanted == there else wanted
