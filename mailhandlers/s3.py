"""The function that S3 calls when SES has stored a message: deliver it, then delete the object.

Entry: `mailhandlers.s3.handler`. Lambda tries a failing event twice more, then gives it to the on-failure
destination; `manage.py redeliver` finishes what is left.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from aliases.records.connection import PATIENT_LIMITS
from aliases.records.exceptions import TableError
from aliases.records.messages import MessageStore
from mailhandlers.bucket import Bucket, BucketError
from mailhandlers.clients import clients
from mailhandlers.config import read_config
from mailhandlers.delivery import Carried, Rooms, carry
from mailhandlers.logs import configure, log
from mailhandlers.notifications import read_notification

if TYPE_CHECKING:
    from mailhandlers.bucket import StoredObject
    from mailhandlers.config import Config


class DeliveryFailed(Exception):
    """At least one message of the event is not delivered yet; it is still in the bucket."""


def handler(event: Any, context: object) -> dict[str, int]:
    """Deliver every message that the event announces; answers how many ended in which way.

    Raises DeliveryFailed after all of them were tried, so that Lambda tries the event again.
    Cost for one message: see `delivery.carry`.
    """
    configure()
    config = read_config()
    announced = read_notification(event, config)
    for reason in announced.ignored:
        log(logging.INFO, "event ignored", reason=reason)
    rooms = open_rooms(config)
    ended = Counter(_carried(rooms, stored) for stored in announced.stored)
    if ended[Carried.FAILED]:
        raise DeliveryFailed(f"{ended[Carried.FAILED]} of {ended.total()} messages are not delivered; see the log.")
    return {str(carried): count for carried, count in ended.items()}


def open_rooms(config: Config) -> Rooms:
    """What a delivery works with. Raises ConfigurationError. No request is made yet."""
    reached = clients(PATIENT_LIMITS, PATIENT_LIMITS)
    table = reached.table
    return Rooms(config, table, MessageStore(table, config.log_days), Bucket(reached.s3), reached)


def _carried(rooms: Rooms, stored: StoredObject) -> Carried:
    """One message; whatever goes wrong with it is logged and does not stop the others."""
    try:
        return carry(rooms, stored)
    except (TableError, BucketError, OSError) as error:
        log(logging.ERROR, "not delivered, kept in the bucket", key=stored.key, error=str(error), exc_info=True)
    except Exception:  # noqa: BLE001  a fault of ours must not lose the other messages of the event either
        log(logging.ERROR, "not delivered for a fault of tacomail, kept in the bucket", key=stored.key, exc_info=True)
    return Carried.FAILED
