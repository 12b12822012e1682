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
from aliases.records.conditions import as_expected, as_read
from aliases.records.configuration import served_domains
from aliases.records.connection import Delete, Put, from_item, raw_key, to_item
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
from aliases.records.translatable import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Table, Write

SORT_KEY_OCTETS = 1024  # DynamoDB's limit
UNKNOWN = gettext_noop("There is no alias %(address)s.")
TAKEN = gettext_noop("%(address)s exists already.")
CHANGED = gettext_noop("%(address)s was changed at the same moment; try again.")


@dataclass(frozen=True, slots=True)
class Change:
    """What to change of an alias; None leaves a thing as it is.

    `destinations` maps each destination to on or off. An entry whose value is something else stays as it is: a name
    and what an older version or another tool wrote there.
    """

    active: bool | None = None
    ignore: bool | None = None
    destination: str | None = None
    destinations: Mapping[str, Any] | None = None
    description: str | None = None


class AliasStore:
    """The aliases of one table. `local_domains` tells Maildir destinations from mailboxes elsewhere.

    A mailbox elsewhere must not be on a served domain. Which are served is read anew for each call that names one; with
    `for_many`, for changes of many aliases by a store that is then forgotten, once; with `served`, just read, never.
    """

    def __init__(
        self,
        table: Table,
        local_domains: frozenset[str] = LOCAL_DOMAINS,
        *,
        for_many: bool = False,
        served: Collection[str] | None = None,
    ) -> None:
        self.table = table
        self.local_domains = local_domains
        self._keeps_served = for_many or served is not None
        self._served = None if served is None else frozenset(served)

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

        `destination` may be empty where `destinations` names some. Cost: 1 call, and 1 where one of them is a mailbox
        elsewhere.

        Whether the domain is served is the caller's question: `Registry.serves`.
        """
        return self.put_new(
            self.new(
                local_part,
                domain,
                destination,
                destinations=destinations,
                description=description,
                active=active,
                ignore=ignore,
            )
        )

    def new(
        self,
        local_part: str,
        domain: str,
        destination: str,
        *,
        destinations: Mapping[str, bool] | None = None,
        description: str = "",
        active: bool = True,
        ignore: bool = False,
        identifier: str = "",
    ) -> Alias:
        """An alias that is in no table yet, for `put_new`. Raises InvalidAddress.

        `identifier` is a new one by default. Cost: 1 call where a destination is a mailbox elsewhere.
        """
        self._forget_served()
        key = alias_key(local_part, domain)
        several = self._destinations(destinations or {}, key)
        target = self._destination(destination, key) if destination or not several else None
        now = int(time.time())
        return Alias(
            sub_domain=key.sub_domain,
            alias_address=key.alias_address,
            application=APPLICATION,
            identifier=identifier or str(uuid.uuid4()),
            full_address=full_address(key),
            active_alias=active,
            ignore_alias=ignore,
            destination=target,
            destinations=several or None,
            description=description or None,
            created_datetime=now,
            modified_datetime=now,
        )

    def put_new(self, alias: Alias) -> Alias:
        """Put an alias as it is, if its key is free. Raises AlreadyExists. Cost: 1 call, 2 where the key is taken.

        What is there with the same identifier is that very alias, and is returned as it is now.
        """
        try:
            self.table.put(to_item(alias), Alias.sub_domain.does_not_exist())
        except ConditionFailed as error:
            # A put whose answer got lost is repeated below us, and then meets itself.
            there = self.table.get(alias.key)
            if there is None or there.get(INDEX_SORT_KEY) != {"S": alias.identifier}:
                raise AlreadyExists(TAKEN.given(address=alias.address), field="alias") from error
            return from_item(Alias, there)
        return alias

    def get(self, key: Key, identifier: str | None = None) -> Alias:
        """The alias with exactly this key. Raises NotFound. Cost: 1 call. `identifier` as for `change`."""
        return from_item(Alias, self._item(key, identifier))

    def _item(self, key: Key, identifier: str | None = None) -> Item:
        _check_holds_aliases(key)
        item = self.table.get(key)
        if item is None or identifier not in (None, item.get(INDEX_SORT_KEY, {}).get("S", identifier)):
            raise _unknown(key)
        return item

    def find(self, address: str) -> Alias:
        """The alias with exactly this address, in any case and spelling of its domain. Raises NotFound. Cost: 1 call.

        A detail is not cut off: `shop+x@...` is another address than `shop@...` to somebody who manages aliases.
        """
        try:
            mailbox = parse_mailbox(address)
        except InvalidAddress as error:
            raise NotFound(UNKNOWN.given(address=address), field="alias") from error
        names = {mailbox.local_part, mailbox.local_part.lower()}
        keys = [key for key in candidates(address) if key.alias_address in names]
        found, unread = self.table.batch_get(keys) if keys else ({}, set())
        for key in keys:
            if key in unread:
                raise TableUnavailable(
                    gettext_noop("The table gave no answer about %(name)s; try again.", name=address)
                )
            if key in found:
                return from_item(Alias, found[key])
        raise NotFound(UNKNOWN.given(address=address), field="alias")

    def by_identifier(self, identifier: str) -> Alias:
        """The alias with this identifier. From the index, so a little behind. Raises NotFound. Cost: 1 call."""
        condition: Condition = Path([INDEX_SORT_KEY]) == identifier
        is_sound = 0 < octets(identifier) <= SORT_KEY_OCTETS
        for page in self.table.query(APPLICATION, condition, index=INDEX_NAME) if is_sound else ():
            for item in page.items:
                return from_item(Alias, item)
        why = gettext_noop("There is no alias with the identifier %(identifier)s.", identifier=identifier)
        raise NotFound(why, field="identifier")

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

    def change(
        self, key: Key, change: Change, identifier: str | None = None, in_place_of: Mapping[str, Any] | None = None
    ) -> Alias:
        """Change only what `change` names; all else stays. Raises NotFound, InvalidAddress.

        With `identifier`, an alias that took the address since counts as not found. `in_place_of` maps attributes to
        what must be there still; where it is not, nothing is changed, and that raises Conflict.
        Cost: 1 call, and 1 where a destination is a mailbox elsewhere.
        """
        _check_holds_aliases(key)
        self._forget_served()
        values = {**self._values(change, key), Alias.modified_datetime.attr_name: int(time.time())}
        actions: list[Action] = [getattr(Alias, name).set(value) for name, value in values.items()]
        try:
            return from_item(Alias, self.table.update(key, actions, as_expected(identifier, in_place_of)))
        except ConditionFailed as error:
            raise _other(key, in_place_of) from error

    def _destination(self, text: str, key: Key) -> str:
        """The stored form of a destination for the alias with this key. Raises InvalidAddress.

        A mailbox on a domain that this system serves would send the mail round in a circle.
        """
        destination = parse_destination(text, self.local_domains)
        if destination.kind is DestinationKind.MAILBOX:
            self.check_elsewhere(destination.text, key)
        return destination.text

    def check_elsewhere(self, mailbox: str, key: Key) -> None:
        """Raises InvalidAddress for a mailbox on a served domain, or on that of the alias. Cost: 1 call."""
        domain = mailbox.rpartition("@")[2]
        if domain == key.sub_domain or domain in self._served_domains():
            raise InvalidAddress(
                gettext_noop(
                    "%(mailbox)s is on %(domain)s, which this system serves: mail would come back to it. "
                    "Give the alias the destinations of that one instead.",
                    mailbox=mailbox,
                    domain=domain,
                ),
                code="loop",
                field="destination",
            )

    def _served_domains(self) -> frozenset[str]:
        if self._served is None:
            self._served = served_domains(self.table.get(DOMAINS_KEY)) or frozenset()
        return self._served

    def _forget_served(self) -> None:
        if not self._keeps_served:
            self._served = None

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

    def _destinations(self, wanted: Mapping[str, Any], key: Key) -> dict[str, Any]:
        """As stored. What is named twice, in two spellings, is on where one of them is."""
        stored: dict[str, Any] = {}
        for text, value in wanted.items():
            if isinstance(value, bool):
                name = self._destination(text, key)
                stored[name] = {"active": value or (name in stored and is_on(stored[name]))}
            else:
                stored[text] = value
        return stored

    def rename(
        self,
        key: Key,
        local_part: str,
        domain: str,
        *,
        change: Change | None = None,
        identifier: str | None = None,
        in_place_of: Mapping[str, Any] | None = None,
    ) -> Alias:
        """Give an alias another address; identifier, counters, flags, unknown attributes and created stay.

        One transaction: the old item goes if it is as it was read, the new one is put if its key is free, with what
        `change` names.
        Raises NotFound, InvalidAddress, AlreadyExists (the new address is taken), Conflict (the alias changed
        meanwhile, if only by a use that was counted). `identifier` and `in_place_of` as for `change`.
        Cost: 2 calls, and 1 where `change` names a mailbox elsewhere.
        """
        self._forget_served()
        new_key = alias_key(local_part, domain)
        item = self._item(key, identifier)
        if new_key == key:
            return self.change(key, change, identifier, in_place_of) if change else from_item(Alias, item)
        values = self._values(change, new_key) if change else {}
        item_then = {**item, **{name: dynamodb_value(value) for name, value in values.items()}}
        for text, _ in destination_entries(from_item(Alias, item_then)):
            if comparison_form(text) == full_address(new_key):
                why = gettext_noop("%(address)s is where the alias sends its mail.", address=text)
                raise InvalidAddress(why, code="loop", field="alias")
        changed = {
            **item_then,
            **raw_key(new_key),
            "full_address": dynamodb_value(full_address(new_key)),
            "modified_datetime": dynamodb_value(int(time.time())),
        }
        condition = as_read(item)
        if in_place_of:
            condition &= as_expected(identifier, in_place_of)
        writes: list[Write] = [Delete(key, condition), Put(changed, Alias.sub_domain.does_not_exist())]
        try:
            self.table.transact(writes)
        except TransactionCancelled as error:
            if 1 in error.failed:
                raise AlreadyExists(TAKEN.given(address=full_address(new_key)), field="alias") from error
            raise Conflict(CHANGED.given(address=full_address(key))) from error
        return from_item(Alias, changed)

    def delete(self, key: Key, identifier: str | None = None, in_place_of: Mapping[str, Any] | None = None) -> None:
        """Remove an alias. Raises NotFound, Conflict. Cost: 1 call. `identifier` and `in_place_of` as for `change`."""
        _check_holds_aliases(key)
        try:
            self.table.delete(key, as_expected(identifier, in_place_of))
        except ConditionFailed as error:
            raise _other(key, in_place_of) from error


def _check_holds_aliases(key: Key) -> None:
    """Raises NotFound for a key that can hold no alias: the reserved ones must not be reached this way."""
    sizes_fit = 0 < octets(key.alias_address) <= SORT_KEY_OCTETS and octets(key.sub_domain) <= DOMAIN_OCTETS
    if not (may_hold_aliases(key.sub_domain) and sizes_fit):
        raise _unknown(key)


def _unknown(key: Key) -> NotFound:
    return NotFound(UNKNOWN.given(address=full_address(key)[:ADDRESS_OCTETS]), field="alias")


def _other(key: Key, in_place_of: Mapping[str, Any] | None) -> NotFound | Conflict:
    """Why a write on this condition failed: who asks for something in particular learns only that it is not so."""
    return Conflict(CHANGED.given(address=full_address(key))) if in_place_of else _unknown(key)


def is_on(entry: Any) -> bool:
    """Whether the value of an entry of `destinations` says on."""
    return any(on for _, on in destination_entries(Alias(destinations={"-": entry})))
