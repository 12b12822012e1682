"""Random writes, the same to both databases, and what is in the tables after each of them.

Left out is what the databases promise differently: here no number is too low for its column, no row must exist that
another one points to, the models of these tests alone know no cascade, and a statement that fails in its middle has
done its half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import Error, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, Upper
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from aliases.models import Alias
from tacomail_site.models import Operator, RecoveryCode
from tests.aliases.backend.differential_conditions import RandomConditions
from tests.aliases.backend.differential_drawn import Drawn
from tests.aliases.backend.differential_models import Place, Region, Visit
from tests.aliases.backend.differential_questions import comparable
from tests.aliases.backend.differential_rows import DATA, DOMAINS, MOMENTS, TEXTS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.aliases.backend.differential_columns import Column

WRITTEN = (Operator, StaticDevice, StaticToken, RecoveryCode, LogEntry, Region, Place, Visit, Alias)
WITH_NUMBERS_FOR_KEYS = (StaticToken, LogEntry, Visit)
KEPT = (Region, Place)  # visits point to them
OWN_WAYS = {
    "created_at",
    "created_datetime",
    "modified_datetime",
    "full_address",
}  # each save, or each address, sets them anew
NOT_SET = {*OWN_WAYS, "sub_domain", "alias_address", "destinations"}


@dataclass(frozen=True, slots=True)
class Write:
    """One statement; `act` runs it on the database of that alias."""

    text: str
    model: type[Any]
    act: Callable[[str], Any]

    def done(self, using: str) -> Any:
        """Its result, or the kind of its error."""
        try:
            with transaction.atomic(using=using):
                return comparable(self.act(using))
        except (Error, ObjectDoesNotExist, MultipleObjectsReturned) as error:
            return type(error).__name__


def contents(using: str, *models: type[Any]) -> dict[str, list[Any]]:
    """What the tables hold, apart from what each database sets by its own clock."""
    return {
        model.__name__: [
            {name: value for name, value in comparable(row).items() if name not in OWN_WAYS}
            for row in model._default_manager.using(using).order_by("pk")
        ]
        for model in models
    }


class RandomWrites:
    """Draws writes; with the same dice, the same ones."""

    def __init__(
        self,
        dice: random.Random,
        rows: Mapping[type[Any], Sequence[Any]],
        columns: Mapping[type[Any], Sequence[Column]],
        folds: bool,
    ) -> None:
        self.dice = dice
        self.rows = rows
        self.columns = columns
        self.folds = folds
        self.made = 0

    def some(self, count: int) -> Iterator[Write]:
        for _ in range(count):
            model = self.dice.choice([*WRITTEN, Visit, Visit, Alias, Alias])
            ways = [self._update, self._update, self._add, self._save, self._create, self._get_or_create, self._in_bulk]
            if model not in KEPT:
                ways += [self._delete, self._delete_one]
            if model is Alias:
                ways += [self._move, self._move]
            yield self.dice.choice(ways)(model)

    # What there is to choose from

    def _chosen(self, model: type[Any]) -> Drawn:
        conditions = RandomConditions(self.dice, model, self.rows, self.columns, self.folds)
        method = "exclude" if self.dice.random() < 0.3 else "filter"
        return Drawn.all_of(model).then(method, conditions.tree(self.dice.choice([0, 0, 1, 1, 2])))

    def _settable(self, model: type[Any]) -> list[Column]:
        own = (column for column in self.columns[model] if column.is_own and not column.is_key)
        return [column for column in own if column.path not in NOT_SET]

    def _value_for(self, column: Column) -> Any:
        if column.field.null and self.dice.random() < 0.2:
            return None
        if column.relation is not None:
            return self.dice.choice(self.rows[column.relation]).pk
        if column.kind == "data":
            return self.dice.choice(DATA)
        values = [value for value in column.values if column.kind != "number" or 0 <= value < 1000]
        return self.dice.choice(values)

    def _changes(self, model: type[Any], most: int = 3) -> dict[str, Any]:
        settable = self._settable(model)
        some = self.dice.sample(settable, self.dice.randint(1, min(most, len(settable))))
        return {column.field.attname: self._value_for(column) for column in some}

    # Statements on many rows

    def _update(self, model: type[Any]) -> Write:
        drawn, changes = self._chosen(model), self._changes(model)
        for column in self._settable(model):
            if column.kind == "text" and column.path in changes and self.dice.random() < 0.3:
                changes[column.path] = self._made_text()
        return Write(f"{drawn}.update({changes})", model, lambda using: drawn.rows.using(using).update(**changes))

    def _made_text(self) -> Any:
        word = Value(self.dice.choice(TEXTS))
        return self.dice.choice([Upper(word), Lower(word), Coalesce(Value(None), word), word])

    def _add(self, model: type[Any]) -> Write:
        numbers = [
            column for column in self._settable(model) if column.kind in {"number", "real"} and not column.relation
        ]
        if not numbers:
            return self._update(model)
        drawn, column = self._chosen(model), self.dice.choice(numbers)
        amount: float = self.dice.choice([1, 2, 3])
        number = F(column.path)
        ways = [number + amount, amount + number, number - -amount]
        if "Positive" not in column.field.get_internal_type():
            ways += [number - amount, number + -amount]
        if column.kind == "real":
            ways += [number + 0.5, number - 0.25]
        changes = {**self._changes(model, most=1), column.path: self.dice.choice(ways)}
        return Write(f"{drawn}.update({changes})", model, lambda using: drawn.rows.using(using).update(**changes))

    def _delete(self, model: type[Any]) -> Write:
        drawn = self._chosen(model)
        return Write(f"{drawn}.delete()", model, lambda using: drawn.rows.using(using).delete())

    def _in_bulk(self, model: type[Any]) -> Write:
        if model in WITH_NUMBERS_FOR_KEYS and self.dice.random() < 0.5:
            values = [self._new_values(model) for _ in range(self.dice.randint(1, 3))]
            return Write(
                f"{model.__name__}.bulk_create({values})",
                model,
                lambda using: [
                    row.pk for row in model._default_manager.using(using).bulk_create([model(**one) for one in values])
                ],
            )
        drawn = self._chosen(model).then("order_by", "pk").between(None, 4)
        changes = [self._changes(model) for _ in range(4)]
        names = sorted({name for change in changes for name in change})

        def act(using: str) -> Any:
            rows = list(drawn.rows.using(using))
            for row, change in zip(rows, changes, strict=False):
                for name, value in change.items():
                    setattr(row, name, value)
            return model._default_manager.using(using).bulk_update(rows, names, batch_size=3)

        return Write(f"bulk_update of {drawn} with {changes}", model, act)

    # Statements on one row

    def _one(self, model: type[Any]) -> tuple[str, Callable[[str], Any]]:
        """One row, perhaps none any more: by its key, or the first or last of some."""
        key = self.dice.choice(self.rows[model]).pk
        drawn = self._chosen(model).then("order_by", "pk")
        return self.dice.choice(
            [
                (f"{model.__name__}.get(pk={key!r})", lambda using: model._default_manager.using(using).get(pk=key)),
                (f"{drawn}.first()", lambda using: drawn.rows.using(using).first()),
                (f"{drawn}.last()", lambda using: drawn.rows.using(using).last()),
            ]
        )

    def _delete_one(self, model: type[Any]) -> Write:
        said, read = self._one(model)

        def act(using: str) -> Any:
            row = read(using)
            return row and row.delete()

        return Write(f"{said}.delete()", model, act)

    def _save(self, model: type[Any]) -> Write:
        said, read = self._one(model)
        changes = self._changes(model)
        names = self.dice.choice([None, sorted(changes)[:1]])
        options: dict[str, Any] = self.dice.choice([{}, {}, {"force_insert": True}, {"force_update": True}])
        options = options if names is None else {"update_fields": names}

        def act(using: str) -> Any:
            row = read(using)
            if row is None:
                return None
            for name, value in changes.items():
                setattr(row, name, value)
            row.save(**options)
            return row.pk

        return Write(f"{said}.save({options}) with {changes}", model, act)

    def _new_values(self, model: type[Any]) -> dict[str, Any]:
        """Every column of a new row; its key too, where that is text."""
        self.made += 1
        values = {column.field.attname: self._value_for(column) for column in self._settable(model)}
        if model is Alias:
            values |= {"identifier": f"new-{self.made}", "created_datetime": MOMENTS[0], **self._address()}
        elif model is StaticDevice or model is Place:
            values["id"] = 500 + self.dice.randint(0, 3)
        elif model not in WITH_NUMBERS_FOR_KEYS:
            values[model._meta.pk.name] = self.dice.choice([f"new{self.made}", self.dice.choice(self.rows[model]).pk])
        return values

    def _address(self) -> dict[str, str]:
        return {"sub_domain": self.dice.choice(DOMAINS), "alias_address": self.dice.choice(["bob", "al", "ann", "new"])}

    def _create(self, model: type[Any]) -> Write:
        values = self._new_values(model)
        needed = [column.field.attname for column in self._settable(model) if not column.field.null]
        if needed and model is not Alias and self.dice.random() < 0.15:
            values[self.dice.choice(needed)] = None
        return Write(
            f"{model.__name__}.create({values})",
            model,
            lambda using: model._default_manager.using(using).create(**values).pk,
        )

    def _get_or_create(self, model: type[Any]) -> Write:
        """By its key, or by some columns where the database gives the key."""
        values = self._new_values(model)
        key = model._meta.pk.name
        names = [key] if key in values else sorted(self._changes(model, most=2).keys() - {"data"}) or ["label"]
        names = ["sub_domain", "alias_address"] if model is Alias else names
        wanted = {name: values.pop(name) for name in names}
        method = self.dice.choice(["get_or_create", "update_or_create"])
        options = {**wanted, "defaults": values}
        if (method == "update_or_create" and self.dice.random() < 0.5) or model is Alias:
            method = "update_or_create"
            options = {**wanted, "defaults": self._changes(model), "create_defaults": values}

        def act(using: str) -> Any:
            row, is_new = getattr(model._default_manager.using(using), method)(**options)
            return row.pk, is_new

        return Write(f"{model.__name__}.{method}({options})", model, act)

    def _move(self, model: type[Any]) -> Write:
        """Another address for an alias, perhaps a taken one."""
        said, read = self._one(model)
        changes = self._address()
        by_save = self.dice.random() < 0.5

        def act(using: str) -> Any:
            row = read(using)
            if row is None:
                return None
            if not by_save:
                return model._default_manager.using(using).filter(pk=row.pk).update(**changes)
            row.alias_address, row.sub_domain = changes["alias_address"], changes["sub_domain"]
            row.save()
            return row.pk

        return Write(f"{said}, moved {'by save()' if by_save else 'by update()'} to {changes}", model, act)
