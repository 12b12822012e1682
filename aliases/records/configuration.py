"""The items that say which domains are served and which destinations are known."""

from __future__ import annotations

from typing import Any

from pynamodb.models import Model

from aliases.records.addresses import stored_form
from aliases.records.attributes import (
    CountAttribute,
    FlagAttribute,
    ListDocumentAttribute,
    TextAttribute,
    TextSetAttribute,
    is_true,
)
from aliases.records.destinations import comparison_form


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


def served_domains(item: ConfigurationItem | None, understood: bool = True) -> frozenset[str] | None:
    """The stored forms of the served domains, or None when the table does not say.

    An absent item, or one in a shape that nobody wrote, says nothing: then the alias alone decides. An item without
    values says that no domain is served, since removing the last one takes the attribute with it.
    """
    if item is None or not understood:
        return None
    older = item.older_values
    domains = {stored_form(domain) for domain in item.values or ()}
    if isinstance(older, list):
        domains |= {stored_form(name) for entry in older if (name := _older_domain(entry)) is not None}
    return frozenset(domains)


def _older_domain(entry: Any) -> str | None:
    """The domain of an active entry of the older list, else None."""
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict) or not is_true(entry.get("active"), default=True):
        return None
    name = entry.get("subdomain", entry.get("sub_domain", entry.get("domain")))
    return name if isinstance(name, str) else None


def paused_destinations(item: ConfigurationItem | None) -> frozenset[str]:
    """The comparison forms of the registered destinations that are off."""
    return frozenset(comparison_form(text) for text in item.paused or ()) if item is not None else frozenset()
