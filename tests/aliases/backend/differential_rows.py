"""The rows that random questions and writes are about: the same ones in both databases, sixty of a model at most.

Texts may be in any script, but letters outside ASCII are left out where they have a case: SQLite folds ASCII alone.
Real numbers and prices are quarters, so that sums are exact in whatever order they are made.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from aliases.models import Alias
from tacomail_site.models import Operator, RecoveryCode
from tests.aliases.backend.differential_models import Place, Region, Visit

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

# About the nights in which clocks change in Europe, and the days whose ISO year is another one.
MOMENTS = [
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2025, 10, 25, 23, 30, tzinfo=UTC),
    datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
    datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    datetime(2024, 12, 29, 23, 30, tzinfo=UTC),
    datetime(2024, 12, 30, 12, tzinfo=UTC),
    datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC),
    datetime(2025, 12, 31, 23, tzinfo=UTC),
    datetime(2024, 2, 29, 13, 14, 15, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
]
FINE_MOMENTS = [*MOMENTS, datetime(2026, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)]  # aliases keep whole seconds
DAYS = [date(2026, 3, 29), date(2025, 10, 26), date(2024, 12, 30), date(2025, 12, 31), date(2026, 1, 1)]
CLOCKS = [time(), time(0, 30), time(13, 14, 15), time(23, 59, 59), time(13, 14, 15, 250_000)]
SPANS = [timedelta(), timedelta(seconds=-90), timedelta(hours=36), timedelta(days=400, microseconds=7)]
TEXTS = ["", "a", "A", "ab", "Ab", "aB%", "b_", "a.b", "\\", "日本", "日本語", "x'y", '"', " a", "10", "9"]
NUMBERS = [-7, -1, 0, 1, 2, 3, 7, 12]
REALS = [-2.5, -0.25, 0.0, 0.5, 1.0, 3.75, 1e6]
PRICES = [Decimal(text) for text in ("-1.25", "0.00", "0.50", "1.00", "3.75", "99.25")]
TOKENS = [uuid.UUID(int=number << 64 | number) for number in (0, 1, 0x10, 0xAB, 0xFFFF)]
DATA = [{}, {"a": 1}, [], "text", 0, False]
NEVER_OVER = datetime(2190, 1, 1, tzinfo=UTC)  # a row whose life is over is gone here, and not in SQLite
DOMAINS = ("a.example.com", "b.example.com", "c.example.org")


class RandomRows:
    """Draws unsaved rows. Keys that are numbers are left to the databases: both count from 1."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.operators = [
            Operator(
                username=name,
                name=name.title(),
                role=role,
                session_salt=f"salt of {name}",
                created_datetime=self.one(FINE_MOMENTS),
                modified_datetime=self.one(MOMENTS),
                last_login=self.maybe(MOMENTS),
            )
            for name, role in (("alice", "owner"), ("bob", "editor"), ("carol", "viewer"))
        ]

    def one(self, values: Sequence[Any]) -> Any:
        return self.dice.choice(values)

    def maybe(self, values: Sequence[Any]) -> Any:
        """A third of what may be empty is."""
        return self.one(values) if self.dice.random() < 0.67 else None

    def aliases(self, count: int) -> Iterator[Alias]:
        names = [f"{name}{number}" for number in range(count) for name in ("bob", "bo", "al", "ann", "x_z")]
        for number, name in enumerate(self.dice.sample(names, count)):
            yield Alias(
                identifier=f"id-{number:02}",
                sub_domain=self.one(DOMAINS),
                alias_address=name,
                destination=self.one(("", "alice@tacomail", "S3", "Q@example.org")),
                description=self.one(TEXTS),
                active_alias=self.dice.random() < 0.5,
                ignore_alias=self.dice.random() < 0.3,
                use_count=self.dice.randint(0, 5),
                ignored_count=self.dice.randint(0, 5),
                last_used_datetime=self.maybe(MOMENTS),
                created_datetime=self.one(MOMENTS),
                modified_datetime=self.one(MOMENTS),
            )

    def entries(self, count: int) -> Iterator[LogEntry]:
        kinds = [*ContentType.objects.order_by("pk").values_list("pk", flat=True)[:3], None]
        for _ in range(count):
            yield LogEntry(
                user=self.one(self.operators),
                content_type_id=self.one(kinds),
                object_id=self.maybe(["1", "al", "x%z", "bob"]),
                object_repr=self.one(["foo", "bar", "Foo bar", "bob"]),
                action_flag=self.dice.randint(1, 3),
                change_message=self.one(TEXTS),
                action_time=self.one(FINE_MOMENTS),
            )

    def codes(self, count: int) -> Iterator[RecoveryCode]:
        return (RecoveryCode(digest=f"d{number}", operator=self.one(self.operators)) for number in range(count))

    def visits(self, count: int) -> Iterator[Any]:
        """Regions, places and visits."""
        regions = [
            Region(name=name, motto=self.maybe(TEXTS), rank=self.maybe(NUMBERS))
            for name in ("north", "South", "日", "a_b")
        ]
        places = [
            Place(
                id=number,
                region=self.maybe(regions),
                title=self.maybe(TEXTS),
                height=self.maybe(NUMBERS),
                open=self.maybe([True, False]),
            )
            for number in range(1, 11)
        ]
        yield from [*regions, *places, *(self._visit(places) for _ in range(count))]

    def _visit(self, places: list[Place]) -> Visit:
        return Visit(
            place=self.maybe(places),
            origin=self.maybe(places),
            note=self.maybe(TEXTS),
            other_note=self.maybe(TEXTS),
            label=self.one(TEXTS),
            number=self.maybe(NUMBERS),
            other_number=self.maybe(NUMBERS),
            count=self.dice.randint(0, 5),
            real=self.maybe(REALS),
            price=self.maybe(PRICES),
            flag=self.maybe([True, False]),
            moment=self.maybe(FINE_MOMENTS),
            other_moment=self.maybe(FINE_MOMENTS),
            day=self.maybe(DAYS),
            clock=self.maybe(CLOCKS),
            span=self.maybe(SPANS),
            token=self.maybe(TOKENS),
            data=self.maybe(DATA),
        )

    def devices(self, count: int) -> Iterator[Any]:
        """Two relations in a row, of another app."""
        devices = [
            StaticDevice(
                id=number,
                user=self.one(self.operators),
                name=self.one(TEXTS),
                confirmed=self.dice.random() < 0.5,
                throttling_failure_count=self.dice.randint(0, 3),
                throttling_failure_timestamp=self.maybe(FINE_MOMENTS),
                last_used_at=self.maybe(FINE_MOMENTS),
            )
            for number in range(1, 7)
        ]
        yield from devices
        for _ in range(count):
            yield StaticToken(device=self.one(devices), token=self.one(["one", "two", "Two", "日本"]))

    def sessions(self, count: int) -> Iterator[Session]:
        for number in range(count):
            expires = NEVER_OVER + timedelta(days=self.dice.randint(0, 400), hours=number)
            key = f"{self.one('aAb')}{number}"
            yield Session(session_key=key, session_data=self.one(TEXTS), expire_date=expires)
