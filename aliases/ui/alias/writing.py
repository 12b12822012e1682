"""The changes of the alias page, each against the alias as it is now: whatever it does not name stays.

Each function does nothing where the alias is as it is wanted already: a form that was sent twice leaves one entry in
the history. Beside what they name, they raise `Gone` and the errors of `aliases.services`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.records.alias import Alias as AliasRecord
from aliases.records.alias import destination_entries
from aliases.records.destinations import comparison_form, local_domains, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.records.store import Change
from aliases.records.translatable import gettext_noop
from aliases.services.aliases import changed_alias, edit_alias, set_alias_state
from aliases.services.histories import write_down
from aliases.services.stores import alias_model, alias_store
from aliases.services.texts import check_description
from aliases.ui.alias.access import on_newest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.models import Alias, State
    from aliases.records.keys import Key


class Meanwhile(Exception):
    """Somebody else changed the same thing since the form was opened; nothing was written. `alias` is as it is now."""

    def __init__(self, alias: Alias) -> None:
        super().__init__(str(alias))
        self.alias = alias


def plain_lines(text: str) -> str:
    """With the line ends that the table keeps; browsers send two characters for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def set_state(alias: Alias, state: State, *, by: str) -> Alias:
    """Cost: 2 calls; 1 where it has the state already, which a strong read makes sure of."""

    def change(now: Alias) -> Alias:
        if now.state is state:
            now = alias_model(alias_store().get(now.key, now.identifier))
        return now if now.state is state else set_alias_state(now, state, by=by)

    return on_newest(alias, change)


def describe(alias: Alias, text: str, *, shown: str, by: str) -> Alias:
    """`shown` is what the form had shown, with plain line ends. Raises InvalidAddress, Meanwhile. Cost: 2 calls."""
    check_description(text)

    def change(now: Alias) -> Alias:
        if now.description == text:
            return now
        if plain_lines(now.description) != shown:
            raise Meanwhile(now)
        return _written(now, Change(description=text), by, {"description": now.description})

    return on_newest(alias, change)


def readdress(alias: Alias, key: Key, *, shown: str, by: str) -> Alias:
    """Another name, another domain, or both; `shown` is the address that the form had shown.

    Raises InvalidAddress, AlreadyExists, Meanwhile. Cost: 3 calls for another name, 4 for another domain.
    """

    def change(now: Alias) -> Alias:
        if now.key == key:
            return now
        if now.address != shown:
            raise Meanwhile(now)
        return edit_alias(now, by=by, local_part=key.alias_address, domain=key.sub_domain)

    return on_newest(alias, change)


def add_destination(alias: Alias, text: str, *, by: str) -> Alias:
    """One more, on; one that is there and off is switched on. Raises InvalidAddress.

    Cost: 2 calls, 3 for a mailbox elsewhere.
    """
    target = parse_destination(text, local_domains()).text

    def change(now: Alias) -> Alias:
        if any(_switches(now, target)):
            return now
        return _with_destinations(now, {**_others(now, target), target: True}, by)

    return on_newest(alias, change)


def switch_destination(alias: Alias, text: str, on: bool, *, by: str) -> Alias:
    """Raises InvalidAddress, also where the alias has it no more. Cost: 2 calls, 3 where a mailbox elsewhere is on."""

    def change(now: Alias) -> Alias:
        switches = _switches(now, text)
        if not switches:
            why = gettext_noop("%(destination)s is not among its destinations any more.", destination=text)
            raise InvalidAddress(why, code="gone", field="destination")
        if any(switches) is on:
            return now
        # Off, it need not be one that mail can go to, so it is not looked at.
        return _with_destinations(now, {**_others(now, text), text: True if on else {"active": False}}, by)

    return on_newest(alias, change)


def remove_destination(alias: Alias, text: str, *, by: str) -> Alias:
    """Raises InvalidAddress for the last one. Cost: 2 calls."""

    def change(now: Alias) -> Alias:
        if not _switches(now, text):
            return now
        if not (others := _others(now, text)):
            why = gettext_noop("An alias keeps at least one destination: switch it off, or add another one first.")
            raise InvalidAddress(why, code="last", field="destination")
        return _with_destinations(now, others, by)

    return on_newest(alias, change)


def _switches(alias: Alias, text: str) -> list[bool]:
    """Whether each entry about this destination is on; more than one where it is there in several spellings."""
    wanted = comparison_form(text)
    return [on for named, on in alias.destination_list if comparison_form(named) == wanted]


def _others(alias: Alias, text: str) -> dict[str, Any]:
    """The entries about other destinations, as they are stored, whatever wrote them."""
    stored = alias.destinations if isinstance(alias.destinations, dict) else {}
    entries = stored or {named: {"active": on} for named, on in alias.destination_list}
    wanted = comparison_form(text)
    return {name: value for name, value in entries.items() if comparison_form(_named(name, value)) != wanted}


def _named(name: str, value: Any) -> str:
    """The destination that an entry names."""
    ((text, _on),) = destination_entries(AliasRecord(destinations={name: value}))
    return text


def _with_destinations(alias: Alias, wanted: Mapping[str, Any], by: str) -> Alias:
    read = {"destination": alias.destination, "destinations": alias.destinations}
    return _written(alias, Change(destinations=wanted), by, read)


def _written(alias: Alias, change: Change, by: str, in_place_of: Mapping[str, Any]) -> Alias:
    """Raises Conflict where what it is in place of is there no more. Cost: 2 calls."""
    edited, entry = changed_alias(alias, change, by, in_place_of=in_place_of)
    write_down(entry)
    return edited
