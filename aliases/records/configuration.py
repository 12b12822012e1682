"""The items that say which domains are served and which destinations are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.models import Model

from aliases.records.addresses import stored_form
from aliases.records.attributes import (
    CountAttribute,
    FlagAttribute,
    ListDocumentAttribute,
    TextAttribute,
    TextSetAttribute,
    is_true,
    plain_value,
)
from aliases.records.destinations import comparison_form

if TYPE_CHECKING:
    from aliases.records.connection import Item


class ConfigurationItem(Model):
    """A reserved `tacomail-config` item. `configValue` holds what is active; for destinations `paused` what is off.

    `configValues` is the older version's list of maps; the mail functions understand it as it is.
    """

    sub_domain = TextAttribute(hash_key=True)
    alias_address = TextAttribute(range_key=True)
    values = TextSetAttribute(attr_name="configValue", null=True)
    paused = TextSetAttribute(null=True)
    older_values = ListDocumentAttribute(attr_name="configValues", null=True)


class KnownItem(Model):
    """One known domain (`tacomail-domain`) or destination (`tacomail-destination`); its name is the sort key."""

    sub_domain = TextAttribute(hash_key=True)
    alias_address = TextAttribute(range_key=True)
    description = TextAttribute(default="")
    active = FlagAttribute(reads_absent_as=True)
    created_datetime = CountAttribute(default=0)
    modified_datetime = CountAttribute(default=0)


def served_domains(item: Item | None) -> frozenset[str] | None:
    """The stored forms of the served domains, or None when the table does not say.

    An absent item, or values in a shape that nobody wrote, say nothing: then the alias alone decides. An item without
    values says that no domain is served, since removing the last one takes the attribute with it.
    """
    if item is None:
        return None
    values, older = _texts(item, "configValue"), _older_domains(item)
    if values is None or older is None:
        return None
    return frozenset(stored_form(name) for name in (*values, *older))


def _plain(item: Item, name: str) -> Any:
    raw = item.get(name)
    return None if raw is None else plain_value(raw)


def _texts(item: Item, name: str) -> list[str] | None:
    """The texts of a set, a list, or one text; None where something is there that holds no text."""
    value = _plain(item, name)
    if value is None:
        return []
    members = [value] if isinstance(value, str) else value
    if not isinstance(members, set | list):
        return None
    texts = [member for member in members if isinstance(member, str)]
    return texts if texts or not members else None


def _older_domains(item: Item) -> list[str] | None:
    """The active domains of the older list; None where something is there that names no domain."""
    entries = _plain(item, "configValues")
    if entries is None:
        return []
    if not isinstance(entries, list):
        return None
    named = [(name, entry) for entry in entries if (name := _older_name(entry))]
    if entries and not named:
        return None
    return [name for name, entry in named if isinstance(entry, str) or is_true(entry.get("active"), default=True)]


def _older_name(entry: Any) -> str:
    if isinstance(entry, str):
        return entry
    fields = entry if isinstance(entry, dict) else {}
    name = fields.get("subdomain", fields.get("sub_domain", fields.get("domain")))
    return name if isinstance(name, str) else ""


def paused_destinations(item: Item | None) -> frozenset[str]:
    """The comparison forms of the registered destinations that are off."""
    texts = _texts(item, "paused") if item is not None else None
    return frozenset(comparison_form(text) for text in texts or ())
