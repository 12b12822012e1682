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
    values, older = _plain(item, "configValue", set()), _plain(item, "configValues", [])
    names = {values} if isinstance(values, str) else values
    if not isinstance(names, set | list) or not isinstance(older, list):
        return None
    found = [name for name in names if isinstance(name, str)] + [_older_domain(entry) for entry in older]
    return frozenset(stored_form(name) for name in found if name)


def _plain(item: Item, name: str, default: Any) -> Any:
    raw = item.get(name)
    return default if raw is None or "NULL" in raw else plain_value(raw)


def _older_domain(entry: Any) -> str:
    """The domain of an active entry of the older list, else empty."""
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict) or not is_true(entry.get("active"), default=True):
        return ""
    name = entry.get("subdomain", entry.get("sub_domain", entry.get("domain")))
    return name if isinstance(name, str) else ""


def paused_destinations(item: Item | None) -> frozenset[str]:
    """The comparison forms of the registered destinations that are off."""
    paused = _plain(item, "paused", ()) if item is not None else ()
    names = paused if isinstance(paused, set | list) else ()
    return frozenset(comparison_form(text) for text in names if isinstance(text, str))
