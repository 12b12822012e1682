"""Carries out what `adoption` plans, each change by itself, so that a kill at any point leaves a sound table."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from aliases.records.addresses import full_address
from aliases.records.adoption import (
    AdoptDomains,
    Change,
    CompleteAlias,
    MendSet,
    MoveAlias,
    Plan,
    RegisterDestination,
    missing_for_index,
    plan_adoption,
)
from aliases.records.alias import Alias
from aliases.records.attributes import dynamodb_value
from aliases.records.conditions import as_read
from aliases.records.connection import MOST_TRIES, TRANSACTION_WRITES, Delete, Put, raw_key
from aliases.records.destinations import LOCAL_DOMAINS
from aliases.records.exceptions import AlreadyExists, ConditionFailed, Conflict, TransactionCancelled
from aliases.records.keys import APPLICATION, DOMAINS_KEY, INDEX_PARTITION_KEY, INDEX_SORT_KEY, KNOWN_DOMAIN, Key
from aliases.records.olderdomains import domain_writes, has_set, set_write
from aliases.records.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aliases.records.connection import Item, Table


class Adoption:
    """Makes one table of the older version one of today."""

    def __init__(self, table: Table, local_domains: frozenset[str] = LOCAL_DOMAINS) -> None:
        self.table = table
        self.local_domains = local_domains
        self.registry = Registry(table, local_domains)

    def plan(self, seen: Callable[[int], object] = lambda count: None) -> Plan:
        """What there is to do; `seen` hears how many items each page held. Cost: 1 call for each megabyte."""

        def items() -> Iterator[Item]:
            for page in self.table.scan():
                yield from page.items
                seen(len(page.items))

        return plan_adoption(items(), time.time(), self.local_domains)

    def carry_out(self, change: Change) -> None:
        """Do it, from what the table holds now; what somebody else did meanwhile stays done.

        Raises AlreadyExists when the new key of an alias was taken meanwhile, Conflict when others kept changing the
        item. Cost: 3 calls for the domains, 2 for an alias that moves, 1 for one that is completed, 2 for a set, 4 for
        a destination.
        """
        match change:
            case AdoptDomains():
                self._repeated(self._adopt_domains, "The list of domains")
            case MendSet(key):
                self._repeated(lambda: self._mend_set(key), f"{key.sub_domain}/{key.alias_address}")
            case CompleteAlias(key):
                self._complete(key)
            case MoveAlias(key, new_key):
                self._repeated(lambda: self._move(key, new_key), full_address(key))
            case RegisterDestination(text):
                with suppress(AlreadyExists):
                    self.registry.add_destination(text)

    def _repeated(self, act: Callable[[], None], what: str) -> None:
        for _ in range(MOST_TRIES):
            try:
                act()
            except (ConditionFailed, TransactionCancelled):
                continue  # it changed between reading and writing: a use was counted, or somebody works on it
            return
        raise Conflict(f"{what} was changed again and again at the same moment.")

    def _adopt_domains(self) -> None:
        """The records first where there are too many for one transaction: nothing is served less, or more, by them."""
        item = self.table.get(DOMAINS_KEY)
        known = [record for page in self.table.query(KNOWN_DOMAIN) for record in page.items]
        writes = domain_writes(item, known) if item is not None else []
        for start in range(0, len(writes), TRANSACTION_WRITES):
            self.table.transact(writes[start : start + TRANSACTION_WRITES])

    def _mend_set(self, key: Key) -> None:
        item = self.table.get(key)
        if item is not None and not has_set(item):
            write = set_write(item)
            self.table.update(write.key, write.actions, write.condition)

    def _complete(self, key: Key) -> None:
        application, identifier = Alias.application, Alias.identifier
        actions = [application.set(application | APPLICATION), identifier.set(identifier | str(uuid.uuid4()))]
        with suppress(ConditionFailed):  # somebody deleted it
            self.table.update(key, actions, Alias.sub_domain.exists())

    def _move(self, key: Key, new_key: Key) -> None:
        """Delete if as read, put if the key is free; everything else of the alias stays."""
        item = self.table.get(key)
        if item is None:
            return
        given = {INDEX_PARTITION_KEY: APPLICATION, INDEX_SORT_KEY: str(uuid.uuid4())}
        moved = {
            **item,
            **{name: dynamodb_value(given[name]) for name in missing_for_index(item)},
            **raw_key(new_key),
            Alias.full_address.attr_name: dynamodb_value(full_address(new_key)),
        }
        try:
            self.table.transact([Delete(key, as_read(item)), Put(moved, Alias.sub_domain.does_not_exist())])
        except TransactionCancelled as error:
            if 1 in error.failed:
                raise AlreadyExists(
                    f"{full_address(new_key)} exists as well by now, so {full_address(key)} stays.", field="alias"
                ) from error
            raise
