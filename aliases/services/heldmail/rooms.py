"""The mail functions' way to table and bucket, over the site's one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.backend.storable import is_storable_key
from aliases.records.connection import PATIENT_LIMITS
from aliases.records.exceptions import ConfigurationError, NotFound
from aliases.records.keys import message_key
from aliases.records.messages import MessageStore
from aliases.records.translatable import gettext_noop
from aliases.services.stores import site_table
from mailhandlers.bucket import Bucket
from mailhandlers.clients import clients
from mailhandlers.config import ENVELOPES_PREFIX, MAILBOX_PREFIX, read_config
from mailhandlers.delivery import Rooms

if TYPE_CHECKING:
    from aliases.records.message import Message


def mail_rooms() -> Rooms:
    """Raises ConfigurationError where the environment names no bucket, or is not understood. No request."""
    config = read_config()
    if not config.bucket:
        raise ConfigurationError(
            gettext_noop("TACOMAIL_MAIL_BUCKET is not set: it names the bucket in which SES stores mail.")
        )
    table = site_table()
    reached = clients(PATIENT_LIMITS, PATIENT_LIMITS)
    return Rooms(config, table, MessageStore(table, config.log_days), Bucket(reached.s3), reached)


def unknown(message_id: str) -> NotFound:
    return NotFound(gettext_noop("There is no message %(message)s.", message=message_id), code="gone")


def recorded(rooms: Rooms, message_id: str) -> Message | None:
    """The record of a message; None where there is none, but an object under the prefix may be one all the same.

    Raises NotFound where the text leads to anything else in the bucket: an object elsewhere is a message only if the
    table says so. Cost: 1 call.
    """
    if not is_storable_key(message_key(message_id)) or not {".", ".."}.isdisjoint(message_id.split("/")):
        raise unknown(message_id)
    record = rooms.messages.get(message_id)
    # A slash begins the name of an object elsewhere (`message_id_of`); without a prefix, nothing else is elsewhere.
    elsewhere = ("/", *(() if rooms.config.prefix else (MAILBOX_PREFIX, ENVELOPES_PREFIX)))
    if record is None and message_id.startswith(elsewhere):
        raise unknown(message_id)
    return record
