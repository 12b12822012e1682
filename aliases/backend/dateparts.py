"""Parts of dates, and dates cut down to a part, in the time zone that a query asks for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, DateTimeField, TimeField
from django.utils import timezone

from aliases.backend.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

PARTS: dict[str, Callable[[Any], int]] = {
    **{part: attrgetter(part) for part in ("year", "month", "day", "hour", "minute", "second")},
    "iso_year": lambda value: value.isocalendar().year,
    "week": lambda value: value.isocalendar().week,
    "quarter": lambda value: (value.month + 2) // 3,
    "week_day": lambda value: value.isoweekday() % 7 + 1,  # Sunday is 1
    "iso_week_day": lambda value: value.isoweekday(),
}
START_OF_DAY: dict[str, Any] = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
CUT_TIME: dict[str, dict[str, Any]] = {
    "hour": {"minute": 0, "second": 0, "microsecond": 0},
    "minute": {"second": 0, "microsecond": 0},
    "second": {"microsecond": 0},
}


def extracted(part: str, zone: tzinfo | None) -> Callable[[Any], int]:
    """A function that takes the part out of a date, time or datetime. Raises NotSupportedError."""
    take = PARTS.get(part)
    if take is None:
        raise not_supported(f"extracting {part} from a date")
    return lambda value: take(_local(value, zone))


def truncated(kind: str, zone: tzinfo | None, output: Any) -> Callable[[Any], Any]:
    """A function that cuts a value down to `kind`, as what the output field holds. Raises NotSupportedError."""
    cut = _cut(kind)

    def truncate(value: Any) -> Any:
        short = cut(_local(value, zone))
        if isinstance(output, DateTimeField):
            return short
        if isinstance(output, DateField):
            return short.date() if isinstance(short, datetime) else short
        return short.time() if isinstance(output, TimeField) and isinstance(short, datetime) else short

    return truncate


def _cut(kind: str) -> Callable[[Any], Any]:
    match kind:
        case "year":
            return lambda value: _day(value).replace(month=1, day=1)
        case "quarter":
            return lambda value: _day(value).replace(month=(value.month - 1) // 3 * 3 + 1, day=1)
        case "month":
            return lambda value: _day(value).replace(day=1)
        case "week":
            return lambda value: _day(value) - timedelta(days=value.weekday())
        case "day" | "date":
            return _day
        case "hour" | "minute" | "second":
            return lambda value: value.replace(**CUT_TIME[kind])
        case "time":
            return lambda value: value if isinstance(value, time) else value.time()
        case _:
            raise not_supported(f"cutting a date to its {kind}")


def _day(value: Any) -> Any:
    return value.replace(**START_OF_DAY) if isinstance(value, datetime) else value


def _local(value: date | time, zone: tzinfo | None) -> date | time:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value, zone)
    return value
