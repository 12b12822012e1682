"""Aliases: create, find, change, rename, delete, list."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pynamodb.expressions.operand import Path

from aliases.records.addresses import (
    ADDRESS_OCTETS,
    DOMAIN_OCTETS,
    alias_key,
    candidates,
    full_address,
    octets,
    parse_mailbox,
    shown_form,
)
from aliases.records.alias import Alias, destination_entries
from aliases.records.attributes import dynamodb_value
from aliases.records.configuration import served_domains
from aliases.records.connection import Delete, Put, from_item, item_key, raw_key, to_item
from aliases.records.destinations import LOCAL_DOMAINS, DestinationKind, comparison_form, parse_destination
from aliases.records.exceptions import (
    AlreadyExists,
    ConditionFailed,
    Conflict,
    InvalidAddress,
    NotFound,
    TableUnavailable,
    TransactionCancelled,
)
from aliases.records.keys import APPLICATION, DOMAINS_KEY, INDEX_NAME, INDEX_SORT_KEY, Key, may_hold_aliases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Table, Write

SORT_KEY_OCTETS = 1024  # DynamoDB's limit
PATH_MARKS = frozenset("[].")  # PynamoDB takes a name with one of these for a path into an attribute


@dataclass(frozen=True, slots=True)
class Change:
    """What to change of an alias; None leaves a thing as it is. `destinations` maps a destination to on or off."""

    active: bool | None = None
    ignore: bool | None = None
    destination: str | None = None
    destinations: Mapping[str, bool] | None = None
    description: str | None = None


class AliasStore:
    """The aliases of one table. `local_domains` tells Maildir destinations from mailboxes elsewhere."""

    def __init__(self, table: Table, local_domains: frozenset[str] = LOCAL_DOMAINS) -> None:
        self.table = table
        self.local_domains = local_domains

    def create(
        self,
        local_part: str,
        domain: str,
        destination: str,
        *,
        destinations: Mapping[str, bool] | None = None,
        description: str = "",
        active: bool = True,
        ignore: bool = False,
    ) -> Alias:
        """Make an alias. Raises InvalidAddress, or AlreadyExists when the address is taken.

        `destination` may be empty where `destinations` names some. Cost: 1 call, and what `_destination` costs.

        Whether the domain is served is the caller's question: `Registry.serves`.
        """
        key = alias_key(local_part, domain)
        several = self._destinations(destinations or {}, key)
        target = self._destination(destination, key) if destination or not several else None
        now = int(time.time())
        alias = Alias(
            sub_domain=key.sub_domain,
            alias_address=key.alias_address,
            application=APPLICATION,
            identifier=str(uuid.uuid4()),
            full_address=full_address(key),
            active_alias=active,
            ignore_alias=ignore,
            destination=target,
            destinations=several or None,
            description=description or None,
            created_datetime=now,
            modified_datetime=now,
        )
        try:
            self.table.put(to_item(alias), Alias.sub_domain.does_not_exist())
        except ConditionFailed as error:
            raise AlreadyExists(f"{full_address(key)} exists already.", field="alias") from error
        return alias

    def get(self, key: Key) -> Alias:
        """The alias with exactly this key. Raises NotFound. Cost: 1 call."""
        return from_item(Alias, self._item(key))

    def _item(self, key: Key) -> Item:
        _check_holds_aliases(key)
        item = self.table.get(key)
        if item is None:
            raise NotFound(f"There is no alias {full_address(key)}.", field="alias")
        return item

    def find(self, address: str) -> Alias:
        """The alias with exactly this address, in any case and spelling of its domain. Raises NotFound. Cost: 1 call.

        A detail is not cut off: `shop+x@...` is another address than `shop@...` to somebody who manages aliases.
        """
        try:
            mailbox = parse_mailbox(address)
        except InvalidAddress as error:
            raise NotFound(f"There is no alias {address}.", field="alias") from error
        names = {mailbox.local_part, mailbox.local_part.lower()}
        keys = [key for key in candidates(address) if key.alias_address in names]
        found, unread = self.table.batch_get(keys) if keys else ({}, set())
        for key in keys:
            if key in unread:
                raise TableUnavailable(f"The table gave no answer about {address}; try again.")
            if key in found:
                return from_item(Alias, found[key])
        raise NotFound(f"There is no alias {address}.", field="alias")

    def by_identifier(self, identifier: str) -> Alias:
        """The alias with this identifier. From the index, so a little behind. Raises NotFound. Cost: 1 call."""
        condition: Condition = Path([INDEX_SORT_KEY]) == identifier
        is_sound = 0 < octets(identifier) <= SORT_KEY_OCTETS
        for page in self.table.query(APPLICATION, condition, index=INDEX_NAME) if is_sound else ():
            for item in page.items:
                return from_item(Alias, item)
        raise NotFound(f"There is no alias with the identifier {identifier}.", field="identifier")

    def aliases(self) -> Iterator[Alias]:
        """Every alias, over every page of the index (so a little behind). Cost: 1 call for each megabyte."""
        for page in self.table.query(APPLICATION, index=INDEX_NAME):
            for item in page.items:
                yield from_item(Alias, item)

    def of_domain(self, domain: str, prefix: str = "") -> Iterator[Alias]:
        """The aliases of one domain, in order of their names, read consistently. Cost: 1 call for each megabyte."""
        if not may_hold_aliases(domain):
            return
        condition = Alias.alias_address.startswith(prefix) if prefix else None
        for page in self.table.query(domain, condition):
            for item in page.items:
                yield from_item(Alias, item)

    def search(self, text: str) -> Iterator[Alias]:
        """Aliases whose address, description or destination contains the text, without case. Cost as `aliases`.

        A Unicode domain is found under both of its spellings.
        """
        wanted = text.strip().lower()
        for alias in self.aliases():
            shown = f"{alias.alias_address}@{shown_form(alias.sub_domain)}"
            destinations = (text for text, _ in destination_entries(alias))
            texts = (alias.address, shown, alias.description or "", *destinations)
            if any(wanted in candidate.lower() for candidate in texts):
                yield alias

    def change(self, key: Key, change: Change, identifier: str | None = None) -> Alias:
        """Change only what `change` names; all else stays. Raises NotFound, InvalidAddress. Cost: 1 call.

        With `identifier`, an alias that took the address since counts as not found.
        """
        _check_holds_aliases(key)
        values = {**self._values(change, key), Alias.modified_datetime.attr_name: int(time.time())}
        actions: list[Action] = [getattr(Alias, name).set(value) for name, value in values.items()]
        try:
            return from_item(Alias, self.table.update(key, actions, _is(identifier)))
        except ConditionFailed as error:
            raise NotFound(f"There is no alias {full_address(key)}.", field="alias") from error

    def _destination(self, text: str, key: Key) -> str:
        """The stored form of a destination for the alias with this key. Raises InvalidAddress.

        A mailbox on a domain that this system serves would send the mail round in a circle. Cost: 1 call, and only for
        a mailbox elsewhere.
        """
        destination = parse_destination(text, self.local_domains)
        if destination.kind is DestinationKind.MAILBOX:
            domain = destination.text.rpartition("@")[2]
            served = served_domains(self.table.get(DOMAINS_KEY)) or frozenset()
            if domain == key.sub_domain or domain in served:
                raise InvalidAddress(
                    f"{destination.text} is on {domain}, which this system serves: mail would come back to it. "
                    "Give the alias the destinations of that one instead.",
                    code="loop",
                    field="destination",
                )
        return destination.text

    def _values(self, change: Change, key: Key) -> dict[str, Any]:
        """What the change sets, by attribute, in the stored form. Raises InvalidAddress."""
        values: dict[str, Any] = {
            "active_alias": change.active,
            "ignore_alias": change.ignore,
            "description": change.description,
        }
        if change.destination is not None:
            values["destination"] = self._destination(change.destination, key)
        if change.destinations is not None:
            values["destinations"] = self._destinations(change.destinations, key)
        return {name: value for name, value in values.items() if value is not None}

    def _destinations(self, wanted: Mapping[str, bool], key: Key) -> dict[str, Any]:
        return {self._destination(text, key): {"active": on} for text, on in wanted.items()}

    def rename(self, key: Key, local_part: str, domain: str, change: Change | None = None) -> Alias:
        """Give an alias another address; identifier, counters, flags, unknown attributes and created stay.

        One transaction: the old item goes if it is as it was read, the new one is put if its key is free, with what
        `change` names.
        Raises NotFound, InvalidAddress, AlreadyExists (the new address is taken), Conflict (the alias changed
        meanwhile). Cost: 2 calls.
        """
        new_key = alias_key(local_part, domain)
        item = self._item(key)
        if new_key == key:
            return self.change(key, change) if change else from_item(Alias, item)
        values = self._values(change, new_key) if change else {}
        item_then = {**item, **{name: dynamodb_value(value) for name, value in values.items()}}
        for text, _ in destination_entries(from_item(Alias, item_then)):
            if comparison_form(text) == full_address(new_key):
                raise InvalidAddress(f"{text} is where the alias sends its mail.", code="loop", field="alias")
        changed = {
            **item_then,
            **raw_key(new_key),
            "full_address": dynamodb_value(full_address(new_key)),
            "modified_datetime": dynamodb_value(int(time.time())),
        }
        writes: list[Write] = [Delete(key, _as_read(item)), Put(changed, Alias.sub_domain.does_not_exist())]
        try:
            self.table.transact(writes)
        except TransactionCancelled as error:
            if 1 in error.failed:
                raise AlreadyExists(f"{full_address(new_key)} exists already.", field="alias") from error
            raise Conflict(f"{full_address(key)} was changed at the same moment; try again.") from error
        return from_item(Alias, changed)

    def delete(self, key: Key, identifier: str | None = None) -> None:
        """Remove an alias. Raises NotFound. Cost: 1 call. `identifier` as for `change`."""
        _check_holds_aliases(key)
        try:
            self.table.delete(key, _is(identifier))
        except ConditionFailed as error:
            raise NotFound(f"There is no alias {full_address(key)}.", field="alias") from error


def _check_holds_aliases(key: Key) -> None:
    """Raises NotFound for a key that can hold no alias: the reserved ones must not be reached this way."""
    sizes_fit = 0 < octets(key.alias_address) <= SORT_KEY_OCTETS and octets(key.sub_domain) <= DOMAIN_OCTETS
    if not (may_hold_aliases(key.sub_domain) and sizes_fit):
        raise NotFound(f"There is no alias {full_address(key)[:ADDRESS_OCTETS]}.", field="alias")


def _is(identifier: str | None) -> Condition:
    """The item is there, and it is this alias."""
    there: Condition = Alias.sub_domain.exists()
    return there if identifier is None else there & (Alias.identifier == identifier)


def _as_read(item: Item) -> Condition:
    """The item still has exactly the values that were read, and none of our attributes that it had not."""
    condition: Condition = Alias.sub_domain.exists()
    for name, raw in item.items():
        if name not in raw_key(item_key(item)) and not PATH_MARKS & set(name):
            condition &= Path([name]) == raw
    for attribute in Alias.get_attributes().values():
        if attribute.attr_name not in item:
            condition &= attribute.does_not_exist()
    return condition
