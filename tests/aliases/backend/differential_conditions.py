"""Random conditions on every column of a model, each in every way that the backend supports.

SQLite folds the case of ASCII letters in each of its LIKEs. `folds` says which half of the pattern lookups to draw:
those that fold, or (with SQLite told not to) those that do not. Left out, since SQLite has no such types and compares
what it keeps in their place: patterns on anything but text, and % on real numbers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, Value
from django.db.models.functions import Lower, TruncDate, Upper
from django.db.models.lookups import Exact, GreaterThan, IsNull, LessThanOrEqual

from aliases.models import MessageLog
from tests.aliases.backend.differential_drawn import Drawn

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    from tests.aliases.backend.differential_columns import Column

ZONE = ZoneInfo("Europe/Berlin")
MOST_DEPTH = 3
COMPARISONS = ("gt", "gte", "lt", "lte")
FOLDING = ("iexact", "icontains", "istartswith", "iendswith", "iregex")
EXACT_CASE = ("contains", "startswith", "endswith", "regex")
PATTERNS = ("a", "A", "b", "%", "_", "\\", ".", "日", "a_", "", "x'", "B%")
EXPRESSIONS = ("^a", "b.$", "[aA]b", "^$", r"\\", "日", r"\d+", "B")
DATE_PARTS = ("year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day")
TIME_PARTS = ("hour", "minute", "second")
PARTS_OF: dict[str, Callable[[Any], int]] = {
    "week_day": lambda value: value.isoweekday() % 7 + 1,
    "iso_week_day": lambda value: value.isoweekday(),
    "quarter": lambda value: (value.month + 2) // 3,
    "week": lambda value: value.isocalendar().week,
    "iso_year": lambda value: value.isocalendar().year,
}


class RandomConditions:
    """Draws conditions on the rows of one model; with the same dice, the same ones."""

    def __init__(
        self,
        dice: random.Random,
        model: type[Any],
        rows: Mapping[type[Any], Sequence[Any]],
        columns: Mapping[type[Any], Sequence[Column]],
        folds: bool,
    ) -> None:
        self.dice = dice
        self.model = model
        self.rows = rows
        self.columns = columns
        self.folds = folds
        self.may_be_nothing = True  # whether conditions may be drawn that Django knows to be met by no row
        self.own = [column for column in columns[model] if column.is_own]

    # Trees

    def tree(self, depth: int | None = None) -> Q:
        """AND, OR and NOT, some of them about nothing."""
        depth = self.dice.choice([0, 1, 1, 2, 2, MOST_DEPTH]) if depth is None else depth
        if depth <= 0:
            return self._leaf()
        parts = [self.tree(depth - self.dice.choice([1, 1, 2])) for _ in range(self.dice.choice([1, 2, 2, 3]))]
        joined = parts[0]
        for part in parts[1:]:
            joined = joined & part if self.dice.random() < 0.5 else joined | part
        return ~joined if self.dice.random() < 0.35 else joined

    def _leaf(self) -> Q:
        chance = self.dice.random()
        if chance < 0.02:
            return Q()
        if chance < 0.04 and self.may_be_nothing:
            return Q(pk__in=[])
        return self.about(self.column())

    def about(self, column: Column) -> Q:
        """One condition on this column."""
        if column.relation is not None:
            return self._related(column)
        if self.dice.random() < 0.15:
            empty = self.dice.random() < 0.5
            as_value = column.kind != "data" and self.dice.random() < 0.5  # where None is JSON's null
            return Q(**({column.path: None} if as_value else {f"{column.path}__isnull": empty}))
        draw: Callable[[Column], Q] = getattr(self, f"_{column.kind}", self._compared)
        return draw(column)

    def column(self, *kinds: str) -> Column:
        """Any, or one of these kinds that is no relation; the model's own are drawn more often than others."""
        fit = [c for c in self.columns[self.model] if not kinds or (c.kind in kinds and c.relation is None)]
        own = [column for column in fit if column.is_own]
        return self.dice.choice(own if own and self.dice.random() < 0.6 else fit)

    # By kind

    def _compared(self, column: Column) -> Q:
        """What every kind that has an order allows."""
        path, draw, values = column.path, self.dice.choice, self._values(column)
        way = draw(["exact", "exact", "order", "order", "in", "in", "range", "other", "subquery", "one of a subquery"])
        match way:
            case "exact":
                return Q(**{path: draw(values)})
            case "order":
                return Q(**{f"{path}__{draw(COMPARISONS)}": draw(values)})
            case "in":
                return Q(**{f"{path}__in": self._some(column)})
            case "range":
                low, high = draw(values), draw(values)  # at times the wrong way round
                return Q(**{f"{path}__range": (low, high)})
            case "other":
                return self._with_another(column)
            case "one of a subquery":
                return Q(**{f"{path}__{draw(['exact', *COMPARISONS])}": self.one_value(column.kind)})
            case _:
                return Q(**{f"{path}__in": self.subquery(column.kind)})

    def _values(self, column: Column) -> Sequence[Any]:
        """Django knows that a number below 0 is in no column of numbers that begin there."""
        if column.kind != "number" or self.may_be_nothing:
            return column.values
        return [value for value in column.values if value >= 0]

    def _some(self, column: Column) -> list[Any]:
        least = 0 if self.may_be_nothing else 1
        some = self.dice.sample(list(column.values), self.dice.randint(least, min(5, len(column.values))))
        if column.relation is None and self.dice.random() < 0.1:
            some = [*some, F(self.column(column.kind).path)]
        return [*some, None] if self.dice.random() < 0.3 else some

    def _with_another(self, column: Column) -> Q:
        """Another column on the right, in a lookup or in an expression."""
        other = F(self.column(column.kind).path)
        if self.dice.random() < 0.7:
            return Q(**{f"{column.path}__{self.dice.choice(['exact', *COMPARISONS])}": other})
        if self.dice.random() < 0.3:
            return Q(**{f"{column.path}__range": (other, F(self.column(column.kind).path))})
        lookup: Any = self.dice.choice([Exact, GreaterThan, LessThanOrEqual])
        value = Value(self.dice.choice(self._values(column)), output_field=column.field)
        return Q(lookup(F(column.path), self.dice.choice([other, value])))

    def _text(self, column: Column) -> Q:
        path, draw = column.path, self.dice.choice
        if self.dice.random() < 0.5:
            return self._compared(column)
        if self.dice.random() < 0.15:
            pattern = F(self.column("text").path)
            names = [name for name in (FOLDING if self.folds else EXACT_CASE) if name.endswith(("contains", "with"))]
            return Q(**{f"{path}__{draw(names)}": pattern})
        if self.dice.random() < 0.15:
            function = draw([Lower, Upper])
            return Q(Exact(function(F(path)), function(F(self.column("text").path))))
        name = draw(FOLDING if self.folds else EXACT_CASE)
        words = [value[: draw([1, 2, 9])] for value in column.values]
        return Q(**{f"{path}__{name}": draw(EXPRESSIONS if "regex" in name else [*PATTERNS, *words])})

    def _number(self, column: Column) -> Q:
        if self.dice.random() < 0.6:
            return self._compared(column)
        if self.dice.random() < 0.2:
            return Q(**{f"{column.path}__{self.dice.choice(COMPARISONS)}": self.dice.choice([0.5, 2.5, -0.5])})
        if self.dice.random() < 0.2:
            names = [name for name in (FOLDING if self.folds else EXACT_CASE) if name != "iexact"]
            return Q(**{f"{column.path}__{self.dice.choice(names)}": self.dice.choice(["1", "10", "-", "0", "2"])})
        return Q(**{f"{column.path}__{self.dice.choice(['exact', *COMPARISONS])}": self.arithmetic()})

    def arithmetic(self) -> Any:
        """Of whole numbers."""
        one, two = self.number(), self.number()
        number = self.dice.choice([-2, -1, 0, 1, 2, 3])
        return self.dice.choice(
            [
                one + two,
                one - two,
                one * number,
                one + number,
                number - one,
                one % number,
                one % two,
                -one,
                one * two % 5,
            ]
        )

    def number(self) -> Any:
        """A column of whole numbers, or a number where the model has none."""
        has_some = any(column.kind == "number" for column in self.columns[self.model])
        return F(self.column("number").path) if has_some else Value(self.dice.randint(-3, 3))

    def _real(self, column: Column) -> Q:
        if self.dice.random() < 0.7:
            return self._compared(column)
        other = F(self.column("real", "number").path)
        return Q(**{f"{column.path}__{self.dice.choice(COMPARISONS)}": other * self.dice.choice([0.5, 2, -1])})

    def _flag(self, column: Column) -> Q:
        path = column.path
        match self.dice.randint(0, 5):
            case 0:
                return Q(**{f"{path}__in": self.dice.choice([[True], [False, None], [True, False]])})
            case 1:
                return Q(~F(path))
            case 2:
                return Q(**{path: F(self.column("flag").path)})
            case _:
                return Q(**{path: self.dice.random() < 0.5})

    def _moment(self, column: Column) -> Q:
        path, draw = column.path, self.dice.choice
        if self.dice.random() < 0.4:
            return self._compared(column)
        moment = draw(column.values).astimezone(ZONE)
        match draw(["part", "part", "date", "time", "span", "day of another", "cut", "part of a date", "dates"]):
            case "part":
                part = draw([*DATE_PARTS, *TIME_PARTS])
                return self._part(path, part, moment)
            case "date":
                return Q(**{f"{path}__date{self._comparison()}": moment.date()})
            case "part of a date":
                return self._part(f"{path}__date", draw(DATE_PARTS), moment)
            case "dates":
                return Q(**{f"{path}__date__in": [moment.date(), draw(column.values).date()]})
            case "time":
                return Q(**{f"{path}__time{self._comparison()}": moment.time()})
            case "span":
                later = F(self.column("moment").path) + draw([timedelta(days=40), timedelta(hours=-1)])
                return Q(**{f"{path}{self._comparison()}": later})
            case "cut":
                return Q(GreaterThan(TruncDate(path), TruncDate(self.column("moment").path)))
            case _:
                days = [other.path for other in self.columns[self.model] if other.kind == "day"]
                return Q(**{f"{path}__date{self._comparison()}": F(draw(days)) if days else moment.date()})

    def _day(self, column: Column) -> Q:
        if self.dice.random() < 0.5:
            return self._compared(column)
        return self._part(column.path, self.dice.choice(DATE_PARTS), self.dice.choice(column.values))

    def _clock(self, column: Column) -> Q:
        if self.dice.random() < 0.5:
            return self._compared(column)
        return self._part(column.path, self.dice.choice(TIME_PARTS), self.dice.choice(column.values))

    def _part(self, path: str, part: str, value: Any) -> Q:
        number = PARTS_OF[part](value) if part in PARTS_OF else getattr(value, part)
        if self.dice.random() < 0.2:
            return Q(**{f"{path}__{part}__in": [number, number + 1]})
        return Q(**{f"{path}__{part}{self._comparison()}": number})

    def _comparison(self) -> str:
        return self.dice.choice(["", *(f"__{name}" for name in COMPARISONS)])

    def _data(self, column: Column) -> Q:
        """Only whether there is some."""
        if self.dice.random() < 0.3:
            return Q(IsNull(F(column.path), self.dice.random() < 0.5))
        return Q(**{f"{column.path}__isnull": self.dice.random() < 0.5})

    # Relations and subqueries

    def _related(self, column: Column) -> Q:
        path, relation = self._name_of(column), column.relation
        assert relation is not None
        match self.dice.randint(0, 7):
            case 0:
                return Q(**{f"{path}__isnull": self.dice.random() < 0.5})
            case 1:
                return Q(**{path: None})
            case 6:
                return Q(**{f"{column.path}__in": self.dice.sample(self.rows[relation], 2)})
            case 5:
                return Q(**{f"{path}__{self.dice.choice(COMPARISONS)}": self.dice.choice(column.values)})
            case 2:
                return Q(**{f"{path}__in": self._some(column)})
            case 3:
                inner = self._of(relation)
                return Q(**{f"{path}__in": self._sliced(Drawn.all_of(relation).then("filter", inner.tree(1)))})
            case 4:
                return Q(**{path: self._first_of(relation, "pk")})
            case _:
                return Q(**{path: self.dice.choice(column.values)})

    def _name_of(self, column: Column) -> str:
        """A relation also answers to the name of the column that holds it."""
        return f"{column.path}_id" if self.dice.random() < 0.3 else column.path

    def _of(self, model: type[Any]) -> RandomConditions:
        other = RandomConditions(self.dice, model, self.rows, self.columns, self.folds)
        other.may_be_nothing = self.may_be_nothing
        return other

    def one_value(self, kind: str) -> Drawn:
        """One value of this kind, or none."""
        inner = self._of(self.dice.choice(self._homes_of(kind)))
        return self._first_of(inner.model, inner.column(kind).path)

    def _first_of(self, model: type[Any], name: str) -> Drawn:
        """Django takes "equal to one of nothing" for false and not for unknown, where it knows that it is nothing."""
        inner = self._of(model)
        inner.may_be_nothing = False
        return (
            Drawn.all_of(model).then("filter", inner.tree(0)).then("order_by", "pk").then("values", name).between(0, 1)
        )

    def _homes_of(self, kind: str) -> list[type[Any]]:
        return [model for model in self.columns if kind in self._kinds_of(model) and model is not MessageLog]

    def subquery(self, kind: str) -> Drawn:
        """Values of this kind, nulls among them, of some rows."""
        homes = self._homes_of(kind)
        inner = self._of(self.model if self.model in homes and self.dice.random() < 0.5 else self.dice.choice(homes))
        name = inner.column(kind).path
        rows = Drawn.all_of(inner.model).then("filter", inner.tree(self.dice.choice([0, 1])))
        return self._sliced(rows).then("values", name) if self.dice.random() < 0.5 else rows.then("values", name)

    def _kinds_of(self, model: type[Any]) -> set[str]:
        return {column.kind for column in self.columns[model] if column.is_own and column.relation is None}

    def _sliced(self, rows: Drawn) -> Drawn:
        if self.dice.random() < 0.5:
            return rows
        low = self.dice.choice([None, 0, 2])
        return rows.then("order_by", self.dice.choice(["pk", "-pk"])).between(low, self.dice.choice([3, 12]))
