"""Random expressions over the columns of a model, and orders and aggregates made of them.

Left out is what SQLite has no type for: arithmetic on prices (there they are real numbers), division of whole numbers,
and the truth of an aggregate over flags.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Avg,
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract, Lower, Trunc, TruncDate, TruncTime, Upper

from tests.aliases.backend.differential_conditions import DATE_PARTS, TIME_PARTS, ZONE

if TYPE_CHECKING:
    import random

    from tests.aliases.backend.differential_conditions import RandomConditions

CUTS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
ORDERED = ("text", "number", "real", "decimal", "flag", "moment", "day", "clock", "span", "token")


class RandomExpressions:
    """Draws what a query shows, sorts by and sums up. Its conditions come from `conditions`."""

    def __init__(self, conditions: RandomConditions) -> None:
        self.conditions = conditions
        self.dice: random.Random = conditions.dice
        self.kinds = {column.kind for column in conditions.columns[conditions.model]}

    def value(self) -> Any:
        """An expression with a value for each row."""
        ways = [self.text, self._number, self._case, self._condition]
        ways += [self._real] if "real" in self.kinds else []
        ways += [self._moment, self._part] if "moment" in self.kinds else []
        ways += [self._day] if "day" in self.kinds else []
        return self.dice.choice(ways)()

    def whole(self) -> Any:
        """A whole number for each row."""
        return self.conditions.arithmetic() if self.dice.random() < 0.6 else self._case_of_numbers()

    def _path(self, *kinds: str) -> str:
        return self.conditions.column(*kinds).path

    def text(self) -> Any:
        """A text for each row."""
        one, two = F(self._path("text")), F(self._path("text"))
        return self.dice.choice(
            [
                one,
                Lower(one),
                Upper(one),
                Coalesce(one, two, Value("none"), output_field=CharField()),
                Coalesce(Upper(one), Lower(two), output_field=CharField()),
                Value("same"),
            ]
        )

    def _number(self) -> Any:
        number = self.conditions.number()
        return self.dice.choice(
            [
                number,
                Coalesce(number, 5, output_field=IntegerField()),
                self.whole(),
                ExpressionWrapper(number + 1, IntegerField()),
            ]
        )

    def _real(self) -> Any:
        return ExpressionWrapper(F(self._path("real")) * 2 + self.conditions.number(), FloatField())

    def _moment(self) -> Any:
        path, draw = self._path("moment"), self.dice.choice
        return draw(
            [
                Trunc(path, draw(CUTS), tzinfo=draw([None, ZONE])),
                TruncDate(path),
                TruncTime(path),
                F(path) + timedelta(days=3, microseconds=250_000),
                F(path) - F(self._path("moment")),
                Coalesce(F(path), F(self._path("moment"))),
            ]
        )

    def _part(self) -> Any:
        return Extract(self._path("moment"), self.dice.choice([*DATE_PARTS, *TIME_PARTS]))

    def _day(self) -> Any:
        path, clock = self._path("day"), self._path("clock")
        if self.dice.random() < 0.3:
            return self.dice.choice(
                [Trunc(clock, self.dice.choice(CUTS[5:])), Extract(clock, self.dice.choice(TIME_PARTS))]
            )
        return self.dice.choice([Trunc(path, self.dice.choice(CUTS[:5])), Extract(path, self.dice.choice(DATE_PARTS))])

    def _case(self) -> Any:
        text = F(self._path("text"))
        return Case(
            When(self._not_empty(), then=Value("first")),
            When(self._not_empty(), then=text),
            default=self.dice.choice([Value("other"), None]),
            output_field=CharField(),
        )

    def _case_of_numbers(self) -> Any:
        number = self.conditions.number()
        return Case(
            When(self._not_empty(), then=number), When(self._not_empty(), then=Value(3)), output_field=IntegerField()
        )

    def _condition(self) -> Any:
        return ExpressionWrapper(self._not_empty(), output_field=BooleanField())

    def _not_empty(self) -> Q:
        """When() refuses a condition that asks nothing."""
        condition = self.conditions.tree(self.dice.choice([0, 0, 1]))
        return condition or Q(pk__isnull=False)

    # ORDER BY

    def order(self, *names: str) -> list[Any]:
        """By some of these names, or by columns and expressions; the key comes last, so that nothing is left open."""
        wanted = [self._ordered(name) for name in names]
        for _ in range(self.dice.choice([0, 1, 1, 2])):
            column = self.conditions.column()
            if column.kind == "data" or self.dice.random() < 0.2:
                wanted.append(self._sorted(self.text()))
            else:
                wanted.append(self._ordered(column.path))
        self.dice.shuffle(wanted)
        return [*wanted, self.dice.choice(["pk", "-pk"])]

    def _ordered(self, name: str) -> Any:
        return name if self.dice.random() < 0.3 else f"-{name}" if self.dice.random() < 0.4 else self._sorted(F(name))

    def _sorted(self, expression: Any) -> Any:
        nulls = self.dice.choice([{}, {"nulls_first": True}, {"nulls_last": True}])
        return expression.asc(**nulls) if self.dice.random() < 0.5 else expression.desc(**nulls)

    # Aggregates

    def aggregates(self) -> dict[str, Any]:
        """One of every kind, over columns and expressions; some with a filter or a default."""
        dice, some = self.dice, self._some_rows
        numbers = sorted({"number", "real"} & self.kinds)
        found = {
            "rows": Count("*"),
            "held": Count(self._path(*ORDERED), filter=some()),
            "kinds": Count(self._path(*ORDERED), distinct=True, filter=some()),
            "sum_of_made": Sum(self.whole(), default=dice.choice([None, 0, -1])),
            "least": Min(self._path("text", "number", "moment", "day", "clock"), filter=some()),
            "most": Max(self._path("text", "number", "moment", "day", "clock")),
            "both": Count("pk") + Count(self._path("text")) * 2,
            "between": Max(self.whole()) - Min(self.whole()),
            "or_none": Coalesce(Max(self._path("text"), filter=some()), Value("none"), output_field=CharField()),
        }
        if numbers:
            found |= {
                "sum": Sum(self._path(*numbers), filter=some(), distinct=dice.random() < 0.2),
                "mean": Avg(self._path(*numbers), filter=some(), default=dice.choice([None, 0.5])),
            }
        if "span" in self.kinds:
            found |= {
                "spans": Sum(self._path("span"), filter=some()),
                "mean_span": Avg(self._path("span")),
                "longest": Max(self._path("span"), filter=some()),
                "prices": Sum(self._path("decimal")),
                "mean_price": Avg(self._path("decimal"), filter=some()),
                "cheapest": Min(self._path("decimal")),
            }
        names = dice.sample(sorted(found), dice.randint(1, 5))
        return {name: found[name] for name in names}

    def _some_rows(self) -> Q | None:
        """Django lets the filter of one aggregate that nothing can meet empty all of them, over a slice."""
        if self.dice.random() < 0.6:
            return None
        self.conditions.may_be_nothing = False
        condition = self.conditions.tree(self.dice.choice([0, 1]))
        self.conditions.may_be_nothing = True
        return condition or None
