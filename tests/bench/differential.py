"""A longer run of the random queries that the suite compares with SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_SEED, ROUNDS = 10_000, 200  # other ones than the suite's


def differential_figures() -> Iterator[Figure]:
    """Django is set up already, moto runs in this process. Empties the table: both sides must hold the same."""
    from django.contrib.admin.models import LogEntry

    from aliases.models import Alias
    from tests.aliases.backend.differential import ask, dice_of, fill, remembered_reads, second_database
    from tests.support.site import empty_table

    table = empty_table()
    with second_database():
        fill(dice_of(FIRST_SEED))
        with remembered_reads(table):
            seeds = range(FIRST_SEED, FIRST_SEED + ROUNDS)
            rounds = [ask(seed, model) for model in (Alias, LogEntry) for seed in seeds]
    asked = sum(count for count, _ in rounds)
    different = sum(len(found) for _, found in rounds)
    yield Figure(
        f"backend, {asked:,} random questions: answers that differ from SQLite's", str(different), "0", different == 0
    )
