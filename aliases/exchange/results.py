"""What an import is told, and what it tells of each row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RowOutcome(StrEnum):
    ADDED = "added"  # a new alias
    CHANGED = "changed"  # an alias that was there has the file's settings now
    UNCHANGED = "unchanged"  # it was there with these settings
    LEFT = "left"  # it was there with other settings, and `update` is off
    REFUSED = "refused"  # nothing was done; the reason says why


class Reason(StrEnum):
    """The codes of results that an option would change. Others are those of `aliases.records.exceptions`."""

    NOT_SERVED = "not_served"  # `add_domains`
    NO_DESTINATION = "no_destination"  # `destination`
    OTHER_SETTINGS = "other_settings"  # `update`


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `line` is where it begins in the file. `code` is a stable word for the reason."""

    line: int
    address: str
    outcome: RowOutcome
    reason: str = ""
    code: str = ""
    warnings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """Without `apply` nothing is written, and the report is the same.

    `destination` is for new aliases whose row names none. `add_domains` serves domains that are not known; one that
    somebody switched off stays off. `by` is who does it, as the history will show.
    """

    apply: bool = False
    update: bool = False
    destination: str = ""
    add_domains: bool = False
    add_destinations: bool = False
    by: str = "import"
