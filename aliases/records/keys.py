"""The partition keys that hold no aliases, and the attribute names of the table's keys and index.

A reserved `sub_domain` holds no dot, or holds a `/` or `:`; a served domain holds a dot and neither of those, so the
two can never meet (design: "The one table").
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

PARTITION_KEY = "sub_domain"
SORT_KEY = "alias_address"
INDEX_NAME = "application-identifier-index"
INDEX_PARTITION_KEY = "application"
INDEX_SORT_KEY = "identifier"
TIME_TO_LIVE = "expires"

SEQUENCES = "django:sequence"  # one item for each Django table whose keys are numbers: the last one given out

APPLICATION = "tacomail"  # `application` of every alias: the partition of the index that lists them

CONFIG = "tacomail-config"
SUB_DOMAINS = "sub_domains"
DESTINATIONS = "destinations"
KNOWN_DOMAIN = "tacomail-domain"
KNOWN_DESTINATION = "tacomail-destination"
MESSAGE = "tacomail-message"
HELD = "tacomail-held"
LOG = "tacomail-log"


class Key(NamedTuple):
    """The primary key of one item."""

    sub_domain: str
    alias_address: str


DOMAINS_KEY = Key(CONFIG, SUB_DOMAINS)
DESTINATIONS_KEY = Key(CONFIG, DESTINATIONS)


def message_key(message_id: str) -> Key:
    return Key(MESSAGE, message_id)


def log_partition(address: str) -> str:
    """The partition that holds the log of one alias or of one unknown recipient."""
    return f"{LOG}/{address}"


def log_day_partition(day: str) -> str:
    """The index partition that holds one day of log entries; `day` is like 2024-09-03."""
    return f"{LOG}/{day}"


YEAR_9999 = 253_402_300_799  # the last second that a date can name


def sortable_time(unix_seconds: int) -> str:
    """A moment as sort keys hold it: UTC, in order as text, like 2024-09-03T10:15:30Z."""
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def calendar_second(value: object) -> int:
    """A stored moment in Unix seconds; 0 for what another tool wrote that is none, or lies beyond any calendar."""
    return value if isinstance(value, int) and 0 <= value <= YEAR_9999 else 0


def may_hold_aliases(sub_domain: str) -> bool:
    """Whether aliases can live under this partition key: a dot in it, and neither `/` nor `:`."""
    return "." in sub_domain and "/" not in sub_domain and ":" not in sub_domain
