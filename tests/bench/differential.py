"""A longer run of the random queries that the suite compares with SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

FIRST_SEED, ROUNDS = 10_000, 200  # other ones than the suite's


def differential_figures(installation: Installation) -> Iterator[Figure]:
    """Django is set up already. The table is emptied first, since both sides must hold the same."""
    from django.contrib.admin.models import LogEntry

    from aliases.backend.table import open_table
    from aliases.models import Alias
    from tests.aliases.backend.differential import ask, dice_of, fill, remembered_reads, second_database

    for item in installation.rows.scan()["Items"]:
        installation.rows.delete_item(Key={name: item[name] for name in ("sub_domain", "alias_address")})
    with second_database():
        fill(dice_of(FIRST_SEED))
        with remembered_reads(open_table()):
            seeds = range(FIRST_SEED, FIRST_SEED + ROUNDS)
            rounds = [ask(seed, model) for model in (Alias, LogEntry) for seed in seeds]
    asked = sum(count for count, _ in rounds)
    different = sum(len(found) for _, found in rounds)
    yield Figure(
        f"backend, {asked:,} random questions: answers that differ from SQLite's", str(different), "0", different == 0
    )
