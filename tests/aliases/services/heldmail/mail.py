"""Mail that waits, made as it comes about: held by the S3 function, or left behind by its tries."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import open_table
from mailhandlers.s3 import DeliveryFailed
from tests.support.events import BUCKET, PREFIX, message_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from tests.support.installation import Installation

NEWS, SHOP, BROKEN = "news@taco.example", "shop@taco.example", "gone@taco.example"


@contextmanager
def site_of(installation: Installation, blocker: DjangoDbBlocker) -> Iterator[Installation]:
    """Every test is a new process, as it were: the site's connection remembers nothing."""
    open_table().own = OwnWrites()
    with blocker.unblock():
        yield installation


def hold(
    installation: Installation,
    *recipients: str,
    seed: str = "message",
    body: bytes | None = None,
    received: str = "2024-09-03T10:15:30.000Z",
    **verdicts: str,
) -> str:
    """A message that waits with a reason; by default since its destination is a mailbox elsewhere. Gives its id."""
    mail = {"timestamp": received}
    key = installation.receive(*(recipients or (NEWS,)), seed=seed, body=body, mail=mail, **verdicts)
    assert installation.deliver(key) == {"held": 1}
    return message_id(seed)


def fail(installation: Installation, seed: str = "message") -> str:
    """A message whose delivery failed, since a Maildir is missing."""
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive(BROKEN, seed=seed))
    return message_id(seed)


def leave_behind(
    installation: Installation, *recipients: str, seed: str = "left", minutes: float = 20, body: bytes | None = None
) -> str:
    """A message stored so long ago that no try has finished; without recipients the table knows nothing of it."""
    if recipients:
        installation.receive(*recipients, seed=seed, body=body)
    else:
        installation.store(seed, body)
    store_before(PREFIX + message_id(seed), minutes)
    return message_id(seed)


def store_before(key: str, minutes: float) -> None:
    """Have the object stored so many minutes ago."""
    found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys[key]
    found.last_modified = (datetime.now(UTC) - timedelta(minutes=minutes)).replace(tzinfo=None)
