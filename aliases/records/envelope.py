"""Everything that decides about one envelope, in one read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliases.records.addresses import candidates
from aliases.records.alias import Alias
from aliases.records.configuration import paused_destinations, served_domains
from aliases.records.connection import from_item
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, Key, message_key
from aliases.records.messages import message_from_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliases.records.connection import Item, Table
    from aliases.records.message import Message


@dataclass(frozen=True, slots=True)
class EnvelopeRecords:
    """What the table says about one envelope.

    `domains` is None when the table does not say which domains are served. `unread` holds the keys for which the
    table gave no answer; nothing may be concluded about them. `message` is there when SES asked before.
    """

    aliases: dict[Key, Alias] = field(default_factory=dict)
    domains: frozenset[str] | None = None
    paused: frozenset[str] = frozenset()
    unread: frozenset[Key] = frozenset()
    message: Message | None = None


def read_envelope(
    table: Table, recipients: Sequence[str], message_id: str = "", deadline: float | None = None
) -> EnvelopeRecords:
    """All records that decide about these recipients, read consistently.

    `deadline` is a time.monotonic() moment after which no further request starts. Raises TableError when the table
    gives no answer at all. Cost: 1 call for each 100 keys; a plain recipient needs one key, an envelope three more.
    """
    keys = [DOMAINS_KEY, DESTINATIONS_KEY]
    if message_id:
        keys.append(message_key(message_id))
    keys += [key for recipient in recipients for key in candidates(recipient)]
    items, unread = table.batch_get(keys, deadline)
    return _sorted_out(items, frozenset(unread), message_id)


def _sorted_out(items: dict[Key, Item], unread: frozenset[Key], message_id: str) -> EnvelopeRecords:
    domains = items.pop(DOMAINS_KEY, None)
    destinations = items.pop(DESTINATIONS_KEY, None)
    message = items.pop(message_key(message_id), None) if message_id else None
    return EnvelopeRecords(
        aliases={key: from_item(Alias, item) for key, item in items.items()},
        domains=served_domains(domains),
        paused=paused_destinations(destinations),
        unread=unread,
        message=message_from_item(message) if message is not None else None,
    )
