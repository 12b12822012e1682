"""What an operator can choose from: the domains that are served, and the destinations that are registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliases.records.configuration import ConfigurationItem, served_domains
from aliases.records.connection import from_item
from aliases.records.destinations import BUCKET, local_domains
from aliases.records.exceptions import TableUnavailable
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY
from aliases.records.translatable import gettext_noop
from aliases.services.stores import site_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aliases.records.connection import Item
    from aliases.records.keys import Key

CHOICES_KEYS = (DOMAINS_KEY, DESTINATIONS_KEY)


@dataclass(frozen=True, slots=True)
class Choices:
    """Each in order. `paused` are the registered destinations that are off."""

    domains: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()

    @property
    def known_destinations(self) -> tuple[str, ...]:
        """Those that are on, then those that are off."""
        return self.destinations + tuple(text for text in self.paused if text not in self.destinations)

    @property
    def likeliest(self) -> str:
        """Where mail goes if nobody says: the first one that is on, Maildirs before mailboxes elsewhere.

        The bucket comes last: nobody reads it by the day. Empty where no destination is registered.
        """
        known, local = self.destinations or self.paused, local_domains()
        return min(known, key=lambda text: (text == BUCKET, text.rpartition("@")[2] not in local, text), default="")


def read_choices() -> Choices:
    """From the two configuration records, never from the aliases. Raises TableUnavailable. Cost: 1 call."""
    return choices_among(*site_table().batch_get(CHOICES_KEYS))


def choices_among(found: Mapping[Key, Item], unread: Collection[Key] = ()) -> Choices:
    """The same from what a BatchGetItem of CHOICES_KEYS, and perhaps others, gave. Raises TableUnavailable."""
    if not set(CHOICES_KEYS).isdisjoint(unread):
        raise TableUnavailable(gettext_noop("The table gave no answer about domains and destinations; try again."))
    domains = served_domains(found.get(DOMAINS_KEY)) or ()
    item = found.get(DESTINATIONS_KEY)
    record = None if item is None else from_item(ConfigurationItem, item)
    return Choices(
        tuple(sorted(domains)),
        tuple(sorted(record.values or ())) if record else (),
        tuple(sorted(record.paused or ())) if record else (),
    )
