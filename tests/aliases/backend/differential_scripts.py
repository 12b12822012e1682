"""Some random writes, one after the other, and whether both databases hold the same after each of them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from aliases.backend.listings import listings
from aliases.backend.ownwrites import OwnWrites
from tests.aliases.backend.differential import OTHER, OURS, dice_of
from tests.aliases.backend.differential_columns import columns_of
from tests.aliases.backend.differential_conditions import ZONE
from tests.aliases.backend.differential_questions import case_sensitive_like
from tests.aliases.backend.differential_writes import OWN_WAYS, WRITTEN, RandomWrites, Write, contents
from tests.support.installation import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliases.backend.table import SiteTable
    from tests.aliases.backend.differential_columns import Column

STATEMENTS = 8


class Scripts:
    """Every script begins with these rows again, which both databases hold."""

    def __init__(self, rows: Mapping[type[Any], Sequence[Any]], table: SiteTable) -> None:
        self.rows = rows
        self.table = table
        self.columns: dict[type[Any], list[Column]] = {
            model: [column for column in columns_of(model, rows) if column.field.name not in OWN_WAYS] for model in rows
        }
        self.first = copy.deepcopy(self._moto.items)
        self.written = 0
        self.refused = 0  # statements that both refused: a taken key, a null, more rows than one

    @property
    def _moto(self) -> Any:
        """Looked up each time: after a failed transaction moto goes on with a copy."""
        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[self.table.name]

    def differences(self, seed: int) -> list[str]:
        """The report of the first difference that this script makes, with the statements before it."""
        dice = dice_of(seed)
        folds, in_a_request = dice.random() < 0.5, dice.random() < 0.8
        self._moto.items = copy.deepcopy(self.first)
        self.table.own = OwnWrites()
        if in_a_request:  # where listings are read once for each write
            listings.begin()
        try:
            with timezone.override(ZONE), case_sensitive_like(not folds), transaction.atomic(using=OTHER):
                found = self._run(seed, RandomWrites(dice, self.rows, self.columns, folds))
                transaction.set_rollback(True, using=OTHER)
                return found
        finally:
            listings.end()

    def _run(self, seed: int, writes: RandomWrites) -> list[str]:
        done: list[str] = []
        for write in writes.some(STATEMENTS):
            done.append(write.text)
            report = self._compared(write)
            if report:
                return [f"seed {seed}, after\n  " + "\n  ".join(done) + f"\n{report}"]
        report = _different(*WRITTEN)
        return [f"seed {seed}, at the end of\n  " + "\n  ".join(done) + f"\n{report}"] if report else []

    def _compared(self, write: Write) -> str:
        theirs, ours = write.done(OTHER), write.done(OURS)
        self.written += 1
        self.refused += isinstance(theirs, str)
        if theirs != ours:
            return f"  SQLite {theirs}\n  ours   {ours}"
        return _different(write.model)


def _different(*models: type[Any]) -> str:
    """The first row that is not the same in both."""
    theirs, ours = contents(OTHER, *models), contents(OURS, *models)
    for name, rows in theirs.items():
        if rows != ours[name]:
            pairs = [pair for pair in zip(rows, ours[name], strict=False) if pair[0] != pair[1]]
            first, second = pairs[0] if pairs else (len(rows), len(ours[name]))
            return f"  SQLite has in {name} {first}\n  ours          {second}"
    return ""
