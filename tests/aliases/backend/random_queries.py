"""Random querysets from a seed, the same for every database that they are asked of.

Left out is what SQLite does differently from SQL: its LIKE knows no upper case (so contains, startswith and endswith
come without case), its division of whole numbers, and its order of text outside ASCII.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, CharField, Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce, Lower, TruncDay, TruncMonth, Upper

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

BASE = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # about the night in which clocks change in Europe
ZONE = ZoneInfo("Europe/Berlin")
MOST_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """What there is to ask of one model."""

    texts: Sequence[str]
    numbers: Sequence[str]
    flags: Sequence[str]
    moments: Sequence[str]
    words: Sequence[str]  # values of the texts, and some that no row has
    keys: Sequence[Any]
    relations: Sequence[str] = ()  # fields of to-one relations, as lookups


class RandomQueries:
    """Draws parts of queries; with the same `dice`, the same ones."""

    def __init__(self, dice: random.Random, shape: Shape) -> None:
        self.dice = dice
        self.shape = shape

    # WHERE

    def condition(self, depth: int | None = None) -> Q:
        """A tree of conditions."""
        depth = self.dice.randint(0, MOST_DEPTH) if depth is None else depth
        if depth == 0:
            return self._atom()
        left, right = self.condition(depth - 1), self.condition(depth - 1)
        joined = left & right if self.dice.random() < 0.5 else left | right
        return ~joined if self.dice.random() < 0.3 else joined

    def _atom(self) -> Q:
        kinds: list[Callable[[], Q]] = [self._text, self._text, self._number, self._key, self._null]
        kinds += [self._flag] * bool(self.shape.flags) + [self._moment, self._part] * bool(self.shape.moments)
        kinds += [self._related] * bool(self.shape.relations)
        return self.dice.choice(kinds)()

    def _text(self) -> Q:
        name, word = self.dice.choice(self.shape.texts), self.dice.choice(self.shape.words)
        lookup = self.dice.choice(
            ["", "__exact", "__iexact", "__icontains", "__istartswith", "__iendswith", "__gt", "__gte", "__lt", "__lte",
             "__in", "__range", "__regex", "__iregex"]
        )  # fmt: skip
        if lookup == "__in":
            return Q(**{f"{name}__in": [*self.dice.sample(list(self.shape.words), 3), None]})
        if lookup == "__range":
            return Q(**{f"{name}__range": sorted(self.dice.sample(list(self.shape.words), 2))})
        if lookup in {"__regex", "__iregex"}:
            return Q(**{f"{name}{lookup}": self.dice.choice(["^a", "e$", "[bo]+", "x.z"])})
        if lookup in {"__icontains", "__istartswith", "__iendswith"}:
            word = self.dice.choice([word, word[:2], word[-1:].upper(), "%", "_", "\\"])
        return Q(**{f"{name}{lookup}": word})

    def _number(self) -> Q:
        name, number = self.dice.choice(self.shape.numbers), self.dice.randint(-1, 6)
        lookup = self.dice.choice(["", "__gt", "__gte", "__lt", "__lte", "__range", "__in", "F", "F+", "F*"])
        match lookup:
            case "__range":
                return Q(**{f"{name}__range": (number, number + 2)})
            case "__in":
                return Q(**{f"{name}__in": [number, number + 3]})
            case "F":
                return Q(**{f"{name}__gte": F(self.dice.choice(self.shape.numbers))})
            case "F+":
                return Q(**{f"{name}__lt": F(self.dice.choice(self.shape.numbers)) + number})
            case "F*":
                return Q(**{f"{name}__gt": F(self.dice.choice(self.shape.numbers)) * 2 - 1})
            case _:
                return Q(**{f"{name}{lookup}": number})

    def _flag(self) -> Q:
        return Q(**{self.dice.choice(self.shape.flags): self.dice.random() < 0.5})

    def _key(self) -> Q:
        keys = list(self.shape.keys)
        match self.dice.randint(0, 4):
            case 0:
                return Q(pk=self.dice.choice(keys))
            case 1:
                return Q(pk__in=self.dice.sample(keys, self.dice.choice([0, 1, 5, min(40, len(keys))])))
            case 2:
                return ~Q(pk__in=self.dice.sample(keys, 5))
            case 3:
                return Q(pk__gt=self.dice.choice(keys))
            case _:
                return Q(pk__in=[])

    def _null(self) -> Q:
        name = self.dice.choice([*self.shape.texts, *self.shape.numbers, *self.shape.moments])
        return Q(**{f"{name}__isnull": self.dice.random() < 0.5})

    def _moment(self) -> Q:
        name, moment = self.dice.choice(self.shape.moments), self._some_moment()
        lookup = self.dice.choice(["__gt", "__gte", "__lt", "__lte", "", "__range"])
        if lookup == "__range":
            return Q(**{f"{name}__range": (moment, moment + timedelta(days=40))})
        return Q(**{f"{name}{lookup}": moment})

    def _part(self) -> Q:
        name, moment = self.dice.choice(self.shape.moments), self._some_moment().astimezone(ZONE)
        part = self.dice.choice(["year", "month", "day", "hour", "week_day", "iso_week_day", "quarter", "date", "week"])
        values = {
            "date": moment.date(),
            "week_day": moment.isoweekday() % 7 + 1,
            "iso_week_day": moment.isoweekday(),
            "quarter": (moment.month + 2) // 3,
            "week": moment.isocalendar().week,
        }
        value = values[part] if part in values else getattr(moment, part)
        return Q(**{f"{name}__{part}{self.dice.choice(['', '__gte', '__lt'])}": value})

    def _related(self) -> Q:
        name = self.dice.choice(self.shape.relations)
        kind = self.dice.choice(["", "__icontains", "__isnull", "__in"])
        if kind == "__isnull":
            return Q(**{f"{name}__isnull": self.dice.random() < 0.5})
        if kind == "__in":
            return Q(**{f"{name}__in": self.dice.sample(list(self.shape.words), 3)})
        return Q(**{f"{name}{kind}": self.dice.choice(self.shape.words)})

    def _some_moment(self) -> datetime:
        return BASE + timedelta(days=self.dice.randint(-40, 40), hours=self.dice.randint(0, 24))

    # The rest

    def order(self) -> list[Any]:
        """An order that leaves nothing to chance: the key comes last."""
        names = [*self.shape.texts, *self.shape.numbers, *self.shape.flags, *self.shape.moments, *self.shape.relations]
        wanted = [self.dice.choice(_orders(name)) for name in self.dice.sample(names, 2)]
        return [*wanted, self.dice.choice(["pk", "-pk"])]

    def bounds(self) -> slice:
        low = self.dice.randint(0, 15)
        return slice(low, low + self.dice.randint(0, 25))

    def annotation(self) -> Any:
        text, number = self.dice.choice(self.shape.texts), self.dice.choice(self.shape.numbers)
        options = [
            Lower(text),
            Upper(text),
            Coalesce(F(text), F(self.dice.choice(self.shape.texts)), output_field=CharField()),
            F(number) * 2 + 1,
        ]
        if self.shape.moments:
            moment = self.dice.choice(self.shape.moments)
            options += [TruncDay(moment, tzinfo=ZONE), TruncMonth(moment, tzinfo=ZONE)]
        return self.dice.choice(options)

    def aggregates(self) -> dict[str, Any]:
        text, number = self.dice.choice(self.shape.texts), self.dice.choice(self.shape.numbers)
        return {
            "rows": Count("pk"),
            "texts": Count(text),
            "distinct": Count(text, distinct=True),
            "some": Count("pk", filter=self.condition(1)),
            "sum": Sum(number),
            "sum_or_zero": Sum(number, default=0),
            "mean": Avg(number),
            "least": Min(text),
            "most": Max(number, filter=self.condition(0)),
        }


def _orders(name: str) -> list[Any]:
    field = F(name)
    return [name, f"-{name}", field.asc(nulls_last=True), field.desc(nulls_first=True), field.desc(nulls_last=True)]
