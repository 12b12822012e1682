"""Random questions, and whether both databases answer them alike. `differences(seed, ...)` repeats one round alone."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import Error, connections
from django.db.models import Count, F, Model, Sum
from django.utils import timezone

from aliases.backend import logitems
from aliases.models import Alias, MessageLog
from tests.aliases.backend.differential import OTHER, OURS, dice_of, remembered_reads
from tests.aliases.backend.differential_columns import columns_of
from tests.aliases.backend.differential_conditions import ZONE, RandomConditions
from tests.aliases.backend.differential_drawn import Drawn
from tests.aliases.backend.differential_expressions import RandomExpressions
from tests.aliases.backend.differential_filling import LOG_START, AfterTheLog, fill_for_questions
from tests.aliases.backend.differential_rows import DOMAINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aliases.backend.table import SiteTable
    from tests.aliases.backend.differential_columns import Column

    Ask = Callable[[Any], Any]

PLACES = 9  # of real numbers: their sums depend on the order of the rows


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the rows, and how that reads after their text."""

    drawn: Drawn
    text: str
    ask: Ask

    def __str__(self) -> str:
        return f"{self.drawn.text}{self.text}"


class Answers:
    """Both databases hold the same `rows`."""

    def __init__(self, rows: Mapping[type[Any], Sequence[Any]]) -> None:
        self.rows = rows
        self.columns: dict[type[Any], list[Column]] = {model: columns_of(model, rows) for model in rows}
        self.asked = 0
        self.filled = 0  # questions whose answer is more than nothing

    def differences(self, seed: int, model: type[Any], *, simple: bool = False) -> list[str]:
        """One report for each question of this round that is answered differently."""
        questions = self.simple_questions(seed, model) if simple else self.questions(seed, model)
        with timezone.override(ZONE), case_sensitive_like(not self._folds(seed)):
            found = [self._compared(question) for question in questions]
        return [f"seed {seed}, {model.__name__}: {report}" for report in found if report]

    def _compared(self, question: Question) -> str:
        theirs = comparable(question.ask(question.drawn.rows.using(OTHER)))
        ours = answer(question)
        self.asked += 1
        self.filled += bool(theirs) and theirs != ("int", 0)
        if theirs == ours:
            return ""
        with suppress(EmptyResultSet):
            ours = f"{ours}\n  SQL    {question.drawn.rows.query.get_compiler(OTHER).as_sql()}"
        return f"{question}\n  SQLite {theirs}\n  ours   {ours}"

    @staticmethod
    def _folds(seed: int) -> bool:
        return seed % 2 == 0

    def questions(self, seed: int, model: type[Any]) -> Iterator[Question]:
        """The questions of one round; the same seed draws the same ones."""
        conditions = self._conditions(seed, model)
        expressions = RandomExpressions(conditions)
        drawn = _chosen(conditions)
        yield from _about_rows(drawn, expressions)
        yield from _about_values(drawn, expressions)
        yield from _about_numbers(drawn, expressions)

    def simple_questions(self, seed: int, model: type[Any]) -> Iterator[Question]:
        """One condition on each column in turn, met or not met, and beside it the way that a planner may take."""
        conditions = self._conditions(seed, model)
        for column in self.columns[model]:
            drawn = _found(conditions)
            method = conditions.dice.choice(["filter", "exclude"])
            yield Question(drawn.then(method, conditions.about(column)), " by key", _keys)
            if drawn.text != Drawn.all_of(model).text:
                yield Question(drawn, " by key", _keys)

    def _conditions(self, seed: int, model: type[Any]) -> RandomConditions:
        return RandomConditions(dice_of(seed), model, self.rows, self.columns, self._folds(seed))


def _keys(rows: Any) -> list[Any]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


@contextmanager
def filled_answers(table: SiteTable, seed: int) -> Iterator[Answers]:
    """Both databases, filled. Nothing is written meanwhile, so each request to the table is made once."""
    rows = fill_for_questions(dice_of(seed), table)
    with remembered_reads(table), pytest.MonkeyPatch.context() as patch:
        patch.setattr(logitems, "datetime", AfterTheLog)
        yield Answers(rows)


@contextmanager
def case_sensitive_like(on: bool) -> Iterator[None]:
    """SQLite folds the case in every LIKE, or in none."""
    with connections[OTHER].cursor() as cursor:
        cursor.execute(f"PRAGMA case_sensitive_like = {int(on)}")
        yield
        cursor.execute("PRAGMA case_sensitive_like = 0")


def answer(question: Question) -> Any:
    """Ours; an error is an answer too, which SQLite has not given."""
    try:
        return comparable(question.ask(question.drawn.rows.using(OURS)))
    except (Error, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


# What is asked


def _chosen(conditions: RandomConditions) -> Drawn:
    drawn, dice = _found(conditions), conditions.dice
    for _ in range(dice.choice([1, 1, 1, 2])):
        drawn = drawn.then("exclude" if dice.random() < 0.3 else "filter", conditions.tree())
    if conditions.model is not MessageLog and dice.random() < 0.15:
        other = Drawn.all_of(conditions.model).then("filter", conditions.tree(1))
        return drawn.combined(dice.choice("&|"), other)
    return drawn.then("none") if dice.random() < 0.02 else drawn


def _found(conditions: RandomConditions) -> Drawn:
    """All rows, or those that one of the planner's ways leads to."""
    drawn = Drawn.all_of(conditions.model)
    if conditions.model is MessageLog:
        return _bounded(drawn, conditions)
    return _by_key(drawn, conditions) if conditions.model is Alias and conditions.dice.random() < 0.5 else drawn


def _bounded(drawn: Drawn, conditions: RandomConditions) -> Drawn:
    """The whole log is never read, so every question names an address, some entries, or a first moment."""
    dice, values = conditions.dice, _values_of(conditions)
    moments = [moment for moment in values["received_datetime"] if moment >= LOG_START]
    first, last = sorted(dice.sample(moments, 2))
    bounds: list[dict[str, Any]] = [
        {"address": dice.choice(values["address"])},
        {"address__in": dice.sample(values["address"], 3)},
        {"received_datetime__gte": first},
        {"received_datetime__gt": first, "received_datetime__lte": last},
        {"received_datetime__range": (first, last)},
        {"received_datetime": first},
        {"received_datetime__in": [first, last]},
        {"pk__in": dice.sample(values["identifier"], 5)},
    ]
    return drawn.then("filter", **dice.choice(bounds))


def _by_key(drawn: Drawn, conditions: RandomConditions) -> Drawn:
    dice, values = conditions.dice, _values_of(conditions)
    begins = "istartswith" if conditions.folds else "startswith"
    domain, names, keys = dice.choice(DOMAINS), values["alias_address"], values["identifier"]
    wanted: list[dict[str, Any]] = [
        {"sub_domain": domain, "alias_address": dice.choice(names)},
        {"sub_domain__in": dice.sample(DOMAINS, 2), "alias_address__in": dice.sample(names, 25)},
        {"sub_domain": domain},
        {"sub_domain": domain, f"alias_address__{begins}": dice.choice(["b", "bo", "al1", "x_"])},
        {"pk": dice.choice(keys)},
        {"pk__in": dice.sample(keys, dice.choice([3, 20, 40]))},
    ]
    return drawn.then("filter", **dice.choice(wanted))


def _values_of(conditions: RandomConditions) -> dict[str, list[Any]]:
    return {column.path: list(column.values) for column in conditions.own}


def _about_rows(drawn: Drawn, expressions: RandomExpressions) -> Iterator[Question]:
    dice = expressions.dice
    ordered = drawn.then("order_by", *expressions.order())
    low, high = dice.choice([None, 0, 3]), dice.choice([None, 4, 30])
    page = ordered.between(low, high)
    yield Question(page, "", list)
    yield Question(ordered.then("distinct").between(low, high), ".iterator(7)", lambda rows: list(rows.iterator(7)))
    yield Question(ordered.then("reverse").between(low, high), "", list)
    yield Question(ordered, ".first()", lambda rows: rows.first())
    yield Question(ordered, ".last()", lambda rows: rows.last())
    yield Question(page, ".count()", lambda rows: rows.count())
    yield Question(page, ".exists()", lambda rows: rows.exists())
    relations = [column.path for column in expressions.conditions.columns[drawn.rows.model] if column.relation]
    if relations:
        some = dice.sample(relations, dice.randint(1, len(relations)))
        yield Question(page.then("select_related", *some), "", list)
        yield Question(page.then("prefetch_related", *some), "", list)
        shown = [c.path for c in expressions.conditions.columns[drawn.rows.model] if c.path.rpartition("__")[0] in some]
        yield Question(page.then("select_related", *some).then("only", *some, *dice.sample(shown, 2)), "", list)
    names = [column.path for column in expressions.conditions.own]
    some = dice.sample(names, dice.randint(1, len(names)))
    yield Question(page.then(dice.choice(["only", "defer"]), *some), "", list)
    key = next(column for column in expressions.conditions.own if column.is_key)
    keys = dice.sample(list(key.values), min(4, len(key.values)))
    yield Question(drawn, f".in_bulk({keys})", lambda rows: rows.in_bulk(keys))


def _about_values(drawn: Drawn, expressions: RandomExpressions) -> Iterator[Question]:
    dice, conditions = expressions.dice, expressions.conditions
    made = drawn.then("annotate", made=expressions.value(), number_made=expressions.whole())
    names = [conditions.column().path for _ in range(3)]
    values = made.then("order_by", *expressions.order("made")).then("values_list", "made", "number_made", *names)
    yield Question(values.between(None, dice.choice([None, 20])), "", list)
    number = dice.randint(-2, 9)
    lookup = dice.choice(["number_made__gte", "number_made__lt", "number_made__in"])
    wanted = made.then("filter", **{lookup: [number, None] if lookup.endswith("in") else number})
    yield Question(wanted.then("order_by", "pk"), "", list)
    draw = dice.choice([expressions.whole, expressions.text])
    made = drawn.then("annotate", made=draw(), other=draw()).then("order_by", "pk")
    yield Question(made.then("filter", made__isnull=dice.random() < 0.3).then("exclude", made=F("other")), "", list)
    yield Question(wanted.then("values", shown=expressions.value()), ".count()", lambda rows: rows.count())
    columns = {conditions.column("text", "number", "flag", "moment", "day", "decimal", "span").path for _ in range(2)}
    some = sorted(columns - {"pk"})
    distinct = drawn.then("order_by", *some).then("values", *some).then("distinct")
    yield Question(distinct, "", list)
    yield Question(distinct.then("order_by", *some, conditions.column("text", "number").path), "", list)
    yield Question(distinct.between(1, 6), "", list)
    yield Question(distinct, ".count()", lambda rows: rows.count())
    moment = next((c.path for c in conditions.own if c.kind == "moment"), None)
    if moment:
        kind, order = dice.choice(["year", "month", "week", "day", "hour", "minute"]), dice.choice(["ASC", "DESC"])
        yield Question(drawn.then("datetimes", moment, kind, order=order), "", list)
        if kind not in {"hour", "minute"}:
            yield Question(drawn.then("dates", moment, kind, order=order), "", list)


def _about_numbers(drawn: Drawn, expressions: RandomExpressions) -> Iterator[Question]:
    yield Question(drawn, ".count()", lambda rows: rows.count())
    yield Question(drawn, ".exists()", lambda rows: rows.exists())
    ordered = drawn.then("order_by", *expressions.order())
    whole = expressions.aggregates()
    yield Question(drawn, f".aggregate({whole})", lambda rows: rows.aggregate(**whole))
    some = expressions.aggregates()
    page = ordered.between(expressions.dice.choice([None, 2]), expressions.dice.choice([6, 25]))
    yield Question(page, f".aggregate({some})", lambda rows: rows.aggregate(**some))
    made = drawn.then("annotate", made=expressions.whole())
    sums = {"sum": Sum("made"), "kinds": Count("made", distinct=True)}
    yield Question(made, f".aggregate({sums})", lambda rows: rows.aggregate(**sums))


# What answers are compared by


def comparable(value: Any) -> Any:
    """With the types of values, and rows as what they hold and have loaded."""
    match value:
        case Model():
            return _held(value)
        case dict():
            return {name: comparable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [comparable(inner) for inner in value]
        case float() | Decimal():
            return type(value).__name__, round(float(value), PLACES)
        case None | bool() | str():
            return value
        case _:
            return type(value).__name__, value


def _held(row: Model) -> dict[str, Any]:
    names = {field.attname for field in row._meta.concrete_fields} & row.__dict__.keys()
    held = {name: comparable(row.__dict__[name]) for name in sorted(names)}
    return {**held, **{f"{name}.": comparable(other) for name, other in row._state.fields_cache.items()}}
