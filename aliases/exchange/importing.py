"""Carries out what rows want, a hundred at a time, and reports on each."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from aliases.exchange.dialects import RefusedRow, dialect_of
from aliases.exchange.merging import Places, changed_pairs, difference, named_places, new_alias
from aliases.exchange.results import Reason, RowOutcome, RowResult
from aliases.records.addresses import alias_key, full_address, parse_mailbox, stored_form
from aliases.records.alias import Alias
from aliases.records.batches import BATCH_WRITES
from aliases.records.connection import BATCH_KEYS, from_item, item_key
from aliases.records.destinations import Destination, DestinationKind, comparison_form, parse_destination
from aliases.records.exceptions import AlreadyExists, InvalidAddress, RecordError, TableError
from aliases.records.history import Action, HistoryEntry, HistoryStore
from aliases.records.keys import APPLICATION, INDEX_NAME, INDEX_SORT_KEY, Key
from aliases.records.registry import Registry
from aliases.records.store import AliasStore, Change

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from aliases.exchange.dialects import Wanted
    from aliases.exchange.reading import Row, Rows
    from aliases.exchange.results import Options
    from aliases.records.connection import Item, Table

DESCRIPTION_CHARACTERS = 1000  # what the site's forms take; a longer one could never be saved there again
ADDED_BY_IMPORT = "Added by an import"


@dataclass(slots=True)
class _Asked:
    """A row that names an alias. The key is the one that it is stored under."""

    row: Row
    wanted: Wanted
    key: Key


def import_aliases(
    source: Rows,
    table: Table,
    local_domains: frozenset[str],
    options: Options,
    write_down: Callable[..., None] | None = None,
) -> Generator[RowResult]:
    """The result of each row, in the order of the file; each row is carried out when its result is asked for.

    `write_down` takes history entries; by default they go into the table. Every alias is one write by itself, so a run
    that was broken off, even killed, is simply repeated. Close the generator where you stop before its end, so that the
    history of what was done is written down; of a process that is killed, that of the last 24 aliases may be lost.
    Raises UnreadableFile, TableError; InvalidAddress for the destination in `options`.
    Cost: 4 calls, and 1 for each megabyte of aliases, at the beginning; 1 for each 100 rows, 1 for each alias that is
    added or changed, and 1 for each 25 of these; 5 for each domain or destination added.
    """
    return _Import(source, table, local_domains, options, write_down).results()


class _Import:
    def __init__(
        self,
        source: Rows,
        table: Table,
        local_domains: frozenset[str],
        options: Options,
        write_down: Callable[..., None] | None,
    ) -> None:
        self.dialect, self.header = dialect_of(source.header)
        self.rows = source.rows
        self.table = table
        self.options = options
        self.local_domains = local_domains
        self.store = AliasStore(table, local_domains, for_many=True)
        self.registry = Registry(table, local_domains)
        self.write_down = write_down or (lambda *entries: HistoryStore(table).add(entries))
        self.entries: list[HistoryEntry] = []
        self.domains = {known.name: known.active for known in self.registry.domains()}
        self.known = {comparison_form(known.name) for known in self.registry.destinations()}
        self.default = parse_destination(options.destination, local_domains) if options.destination else None
        # Of a file, which may hold any number of rows, and of the table only these are kept.
        self.lines: dict[Key, int] = {}
        self.reached: dict[str, int] = {}  # domains to which mail goes, and a line that says so
        self.identifiers: set[str] = set()
        self.in_upper_case: dict[Key, Key] = {}
        self._take_stock()

    def _take_stock(self) -> None:
        for page in self.table.query(APPLICATION, index=INDEX_NAME):
            for item in page.items:
                key = item_key(item)
                self.identifiers.add(item[INDEX_SORT_KEY]["S"])
                lowered = Key(stored_form(key.sub_domain), key.alias_address.lower())
                if lowered != key:  # by an older version
                    self.in_upper_case[lowered] = key

    def results(self) -> Generator[RowResult]:
        try:
            while batch := list(islice(self.rows, BATCH_KEYS)):
                rows = [self._asked(row) for row in batch]
                there = self._read({row.key for row in rows if isinstance(row, _Asked)})
                for row in rows:
                    yield row if isinstance(row, RowResult) else self._done(row, there.get(row.key))
                    if len(self.entries) >= BATCH_WRITES:
                        self._write_down()
        finally:
            self._write_down()  # also of a run that is broken off here

    def _write_down(self) -> None:
        entries, self.entries = self.entries, []
        if entries:
            self.write_down(*entries)

    def _read(self, keys: set[Key]) -> dict[Key, Item]:
        found, unread = self.table.batch_get(list(keys)) if keys else ({}, set())
        return found | {key: item for key in unread if (item := self.table.get(key)) is not None}

    def _asked(self, row: Row) -> _Asked | RowResult:
        """What a row says by itself."""
        address = ""
        try:
            wanted = self.dialect.wanted(row, self.header)
            address = wanted.address
            if not address:
                raise RefusedRow("it names no address")
            mailbox = parse_mailbox(address)
            key = alias_key(address.rpartition("@")[0], mailbox.domain_as_written)
        except RecordError as error:
            return RowResult(row.line, address, RowOutcome.REFUSED, str(error), error.code, cells=row.cells)
        return _Asked(row, wanted, self.in_upper_case.get(key, key))

    # What becomes of it

    def _done(self, asked: _Asked, item: Item | None) -> RowResult:
        try:
            outcome = self._carried_out(asked, item)
        except TableError:
            raise  # it would be the same with the rows that follow
        except RecordError as error:
            return _result(asked, RowOutcome.REFUSED, str(error), error.code)
        self.lines[asked.key] = asked.row.line
        if outcome is RowOutcome.LEFT:
            return _result(asked, outcome, "it is there with other settings", Reason.OTHER_SETTINGS)
        return _result(asked, outcome)

    def _carried_out(self, asked: _Asked, item: Item | None) -> RowOutcome:
        if asked.key in self.lines:
            raise RefusedRow(f"{full_address(asked.key)} is on line {self.lines[asked.key]} already")
        if len(asked.wanted.description or "") > DESCRIPTION_CHARACTERS:
            raise RefusedRow(f"its description is longer than {DESCRIPTION_CHARACTERS} characters")
        if item is None:
            return self._added(asked, self._places(asked, frozenset()))
        there = from_item(Alias, item)
        return self._met(asked, self._places(asked, named_places(there)), there)

    def _added(self, asked: _Asked, places: Places) -> RowOutcome:
        self._check_domain(asked.key.sub_domain)
        if not places.all:
            if self.default is None:
                raise RefusedRow("it has no destination", code=Reason.NO_DESTINATION)
            places = Places(self._elsewhere(self.default, asked), None)
        self._add_domain(asked.key.sub_domain)
        self._add_destinations(places)
        self._identify(asked.wanted)
        if self.options.apply:
            self.store.put_new(new_alias(asked.key, asked.wanted, places))
        self._note("alias", asked.wanted.identifier, full_address(asked.key), Action.IMPORTED)
        return RowOutcome.ADDED

    def _met(self, asked: _Asked, places: Places, there: Alias) -> RowOutcome:
        change = difference(asked.wanted, places, there)
        if change != Change() and not self.options.update:
            return RowOutcome.LEFT
        self._add_destinations(places)
        if change == Change():
            return RowOutcome.UNCHANGED
        if self.options.apply:
            self.store.change(asked.key, change, there.identifier)
        self._note("alias", there.identifier or "", there.address, Action.IMPORTED, changed_pairs(change, there))
        return RowOutcome.CHANGED

    def _note(
        self, kind: str, object_id: str, name: str, action: Action, changes: dict[str, list[Any]] | None = None
    ) -> None:
        if self.options.apply:
            self.entries.append(HistoryEntry(kind, object_id, name, action, self.options.by, changes or {}))

    def _identify(self, wanted: Wanted) -> None:
        if wanted.identifier in self.identifiers:
            wanted.warnings.append(f"identifier {wanted.identifier} belongs to another alias; a new one is made")
            wanted.identifier = ""
        wanted.identifier = wanted.identifier or str(uuid.uuid4())
        self.identifiers.add(wanted.identifier)

    # Domains and destinations

    def _check_domain(self, domain: str) -> None:
        if domain in self.domains:
            if not self.domains[domain]:
                raise RefusedRow(f"{domain} is switched off here: switch it on first")
        elif not self.options.add_domains:
            raise RefusedRow(f"{domain} is not served here: add it first", code=Reason.NOT_SERVED)
        elif domain in self.reached:
            raise RefusedRow(f"mail of line {self.reached[domain]} goes to {domain}; served here, it would come back")

    def _add_domain(self, domain: str) -> None:
        if domain in self.domains:
            return
        if self.options.apply:
            with suppress(AlreadyExists):  # somebody else did at the same moment, which is as good
                self.registry.add_domain(domain, ADDED_BY_IMPORT)
                self._note("domain", domain, domain, Action.CREATED)
        self.domains[domain] = True

    def _add_destinations(self, places: Places) -> None:
        for text in places.all if self.options.add_destinations else ():
            if comparison_form(text) in self.known:
                continue
            if self.options.apply:
                with suppress(AlreadyExists):
                    self.registry.add_destination(text, ADDED_BY_IMPORT)
                    self._note("destination", text, text, Action.CREATED)
            self.known.add(comparison_form(text))

    def _places(self, asked: _Asked, there: frozenset[str]) -> Places:
        """What is named twice, in two spellings, is on where one of them is. Raises InvalidAddress.

        `there` are the places that the alias names now; what is wrong with one of them is no news.
        """
        single, several = asked.wanted.destination, asked.wanted.destinations
        found: dict[str, bool] = {}
        for text, on in (several or {}).items():
            place = self._place(text, asked, there)
            found[place] = on or found.get(place, False)
        return Places(
            self._place(single, asked, there) if single else "",
            None if several is None else found,
        )

    def _place(self, text: str, asked: _Asked, there: frozenset[str]) -> str:
        if comparison_form(text) in there:
            return text
        return self._elsewhere(parse_destination(text, self.local_domains), asked)

    def _elsewhere(self, target: Destination, asked: _Asked) -> str:
        """Mail must not come back to a domain that is served here, or will be once the file is in."""
        domain = target.text.rpartition("@")[2]
        if target.kind is DestinationKind.MAILBOX:
            if self.domains.get(domain) or domain == asked.key.sub_domain:
                message = f"{target.text} is on {domain}, which is served here: mail would come back"
                raise InvalidAddress(message, code="loop", field="destination")
            self.reached.setdefault(domain, asked.row.line)
        return target.text


def _result(asked: _Asked, outcome: RowOutcome, reason: str = "", code: str = "") -> RowResult:
    cells = asked.row.cells if outcome in {RowOutcome.REFUSED, RowOutcome.LEFT} else ()
    # A row that stays out gets one reason, and nothing about values that would have been left out.
    warnings = () if outcome is RowOutcome.REFUSED else tuple(asked.wanted.warnings)
    return RowResult(asked.row.line, full_address(asked.key), outcome, reason, code, warnings, cells)
