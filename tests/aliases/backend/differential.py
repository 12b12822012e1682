"""The same question to two databases, and what each of them answers."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.utils import timezone

from aliases.models import Alias
from tacomail_site.models import Operator
from tests.aliases.backend.random_queries import BASE, ZONE, RandomQueries, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aliases.backend.table import SiteTable

    Question = Callable[[Any], Any]
    Chosen = Callable[[Any], Any]  # a manager's rows, filtered

OURS, OTHER = "default", "sqlite"
DOMAINS = ("a.example.com", "b.example.com", "c.example.org")
NAMES = ("bob", "Bob", "bo", "al", "ann", "zed", "x.z", "x%z", "x_z", "")
TEXTS = ("alice@tacomail", "S3", "Q@example.org", "al", "x%z", "")
MODELS = (ContentType, Operator, LogEntry, Alias)


@contextmanager
def second_database() -> Iterator[None]:
    """SQLite in memory, beside the table. Nothing else in the project knows an SQL engine."""
    connections.settings[OTHER] = connections.configure_settings(
        {"default": {}, OTHER: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    )[OTHER]
    try:
        with connections[OTHER].schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        yield
    finally:
        connections[OTHER].close()
        del connections[OTHER], connections.settings[OTHER]


@contextmanager
def remembered_reads(table: SiteTable) -> Iterator[None]:
    """Each request is made once: moto takes longer for one than everything else together, and nothing is written."""
    kept: dict[Any, Any] = {}
    query, get, batch_get = table.query, table.get, table.batch_get

    def remember(name: Any, read: Callable[[], Any]) -> Any:
        if name not in kept:
            kept[name] = read()
        return kept[name]

    def query_once(partition: str, condition: Any = None, **options: Any) -> Iterator[Any]:
        name = ("query", partition, str(condition), str(options))
        return iter(remember(name, lambda: list(query(partition, condition, **options))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "query", query_once)
        patch.setattr(table, "get", lambda key: remember(("get", key), lambda: get(key)))
        patch.setattr(table, "batch_get", lambda keys: remember(("batch", *keys), lambda: batch_get(keys)))
        yield


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  chances that can be repeated, no secrets


def fill(dice: random.Random) -> None:
    """Aliases, and log entries with relations, in both. Content types come from the code here; copy them."""
    for kind in ContentType.objects.all():
        kind.save(using=OTHER, force_insert=True)
    operators = [Operator(username=name, name=name.upper(), role=role) for name, role in
                 (("alice", "owner"), ("bob", "editor"), ("carol", "viewer"))]  # fmt: skip
    rows: list[Any] = [*operators, *_aliases(dice), *_entries(dice, operators)]
    for row in rows:
        for database in (OURS, OTHER):
            row.save(using=database, force_insert=True)


def _aliases(dice: random.Random) -> Iterator[Alias]:
    for number in range(50):
        yield Alias(
            identifier=f"id-{number:02}",
            sub_domain=dice.choice(DOMAINS),
            alias_address=f"{dice.choice(('bob', 'bo', 'al', 'ann', 'zed'))}{number}",
            full_address="",
            destination=dice.choice(TEXTS),
            description=dice.choice(NAMES),
            active_alias=dice.random() < 0.5,
            ignore_alias=dice.random() < 0.3,
            use_count=dice.randint(0, 5),
            ignored_count=dice.randint(0, 5),
            last_used_datetime=_moment(dice) if dice.random() < 0.6 else None,
            created_datetime=_moment(dice),
            modified_datetime=_moment(dice),
        )


def _entries(dice: random.Random, operators: list[Operator]) -> Iterator[LogEntry]:
    kinds = list(ContentType.objects.all())[:3]
    for number in range(60):
        yield LogEntry(
            id=1000 + number,
            user=dice.choice(operators),
            content_type=dice.choice([*kinds, None]),
            object_id=dice.choice([None, "1", "al", "x%z", "bob"]),
            object_repr=dice.choice(["foo", "bar", "Foo bar", "bob"]),
            action_flag=dice.randint(1, 3),
            change_message=f"m{dice.randint(0, 5)}",
            action_time=_moment(dice),
        )


def _moment(dice: random.Random) -> Any:
    """To the second, as the table keeps it; SQLite has it as a text."""
    return BASE + timedelta(days=dice.randint(-40, 40), minutes=dice.randint(0, 1440))


ALIAS_SHAPE = Shape(
    texts=("sub_domain", "alias_address", "destination", "description"),
    numbers=("use_count", "ignored_count"),
    flags=("active_alias", "ignore_alias"),
    moments=("last_used_datetime", "created_datetime"),
    words=(*DOMAINS, "bob1", "al", *[word for word in TEXTS if word], "nobody"),
    keys=tuple(f"id-{number:02}" for number in range(55)),
)
ENTRY_SHAPE = Shape(
    texts=("object_id", "object_repr", "change_message"),
    numbers=("action_flag", "id"),
    flags=(),
    moments=("action_time",),
    words=("1", "al", "x%z", "bob", "foo", "bar", "m1", "m3", "alice", "ALICE", "owner", "aliases"),
    keys=tuple(range(1000, 1062)),
    relations=("user__username", "user__name", "content_type__app_label", "content_type__model"),
)
SHAPES: dict[type[Any], Shape] = {Alias: ALIAS_SHAPE, LogEntry: ENTRY_SHAPE}


def questions(dice: random.Random, model: type[Any]) -> Iterator[tuple[str, Question]]:
    """One set of questions about a random condition, each with what it shows when the answers differ."""
    queries = RandomQueries(dice, SHAPES[model])
    wanted, exclude = queries.condition(), dice.random() < 0.3

    def chosen(rows: Any) -> Any:
        return rows.exclude(wanted) if exclude else rows.filter(wanted)

    said = f"{'exclude' if exclude else 'filter'}({wanted})"
    for parts in (_rows(queries, chosen), _values(queries, chosen), _subqueries(queries, chosen)):
        for what, question in parts:
            yield f"{said} {what}", question


def _rows(queries: RandomQueries, chosen: Chosen) -> Iterator[tuple[str, Question]]:
    order, bounds = queries.order(), queries.bounds()

    def ends(rows: Any) -> list[Any]:
        ordered = chosen(rows).order_by(*order)
        return keys(row for row in (ordered.first(), ordered.last()) if row)

    def counts(rows: Any) -> tuple[Any, ...]:
        return chosen(rows).count(), chosen(rows).exists(), chosen(rows).order_by("pk")[bounds].count()

    def related(rows: Any) -> list[Any]:
        joined = chosen(rows).select_related("user", "content_type").order_by(*order)[:9]
        return [(row.pk, row.user.name, row.content_type and row.content_type.model) for row in joined]

    yield f"by {order} [{bounds}]", lambda rows: keys(chosen(rows).order_by(*order)[bounds])
    yield f"reversed, by {order}", lambda rows: keys(chosen(rows).order_by(*order).reverse()[:7])
    yield "count, exists, count of a slice", counts
    yield f"first and last, by {order}", ends
    if queries.shape.relations:
        yield f"with its relations, by {order}", related


def _values(queries: RandomQueries, chosen: Chosen) -> Iterator[tuple[str, Question]]:
    text, moment = queries.dice.choice(queries.shape.texts), queries.shape.moments[-1]
    made, aggregates, bounds = queries.annotation(), queries.aggregates(), queries.bounds()

    def distinct(rows: Any) -> list[Any]:
        return list(chosen(rows).order_by(text).values_list(text, flat=True).distinct()[:20])

    def annotated(rows: Any) -> list[Any]:
        return list(chosen(rows).annotate(made=made).order_by("pk").values_list("pk", "made"))

    yield f"distinct {text}", distinct
    yield f"annotated with {made}", annotated
    yield f"by {made}", lambda rows: keys(chosen(rows).annotate(made=made).order_by("-made", "pk")[bounds])
    yield "aggregated", lambda rows: rounded(chosen(rows).aggregate(**aggregates))
    yield f"months of {moment}", lambda rows: list(chosen(rows).datetimes(moment, "month", tzinfo=ZONE))


def _subqueries(queries: RandomQueries, chosen: Chosen) -> Iterator[tuple[str, Question]]:
    inner = queries.condition(1)

    def within(rows: Any, found: Any) -> list[Any]:
        return keys(chosen(rows).filter(pk__in=found).order_by("pk"))

    yield f"and pk in ({inner})", lambda rows: within(rows, rows.filter(inner).values("pk"))
    yield (
        f"and pk in a slice of ({inner})",
        lambda rows: within(rows, rows.filter(inner).order_by("pk").values("pk")[:9]),
    )


def keys(rows: Any) -> list[Any]:
    return [row.pk for row in rows]


def rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 9) if isinstance(value, float) else value for name, value in values.items()}


def answers(model: type[Any], question: Question) -> tuple[Any, Any]:
    """What SQLite and the table answer; the time zone of the questions is the current one."""
    with timezone.override(ZONE):
        return question(model._default_manager.using(OTHER)), question(model._default_manager.using(OURS))


def ask(seed: int, model: type[Any]) -> tuple[int, list[str]]:
    """How many questions one round asks, and the differences between the answers."""
    count, found = 0, []
    for said, question in questions(dice_of(seed), model):
        count += 1
        theirs, ours = answers(model, question)
        if theirs != ours:
            found.append(f"seed {seed}: {said}\n  SQLite {theirs}\n  ours   {ours}")
    return count, found
