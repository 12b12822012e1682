"""Random questions about every kind of column, relation and record have the same answers here as in SQLite.

`answers.differences(seed, model)` repeats one round alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction

from aliases.backend.dateparts import PARTS
from aliases.backend.logic import ARITHMETIC, LOOKUPS
from aliases.models import Alias, MessageLog
from tests.aliases.backend.differential import OTHER
from tests.aliases.backend.differential_filling import MODELS
from tests.aliases.backend.differential_models import Place, Region, Visit
from tests.aliases.backend.differential_questions import filled_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.table import SiteTable
    from tests.aliases.backend.differential_questions import Answers

pytest_plugins = ("tests.aliases.backend.differential_fixtures",)
pytestmark = pytest.mark.usefixtures("sqlite_environment")

ROUNDS = {Visit: 20, Place: 12, Alias: 10, LogEntry: 12, MessageLog: 10}  # of about two dozen questions each
OTHER_ROUNDS = 6
SIMPLE_ROUNDS = {Visit: 20, Alias: 10, MessageLog: 10}  # of about one question for each column
OTHER_SIMPLE_ROUNDS = 4


@pytest.fixture(scope="module")
def answers(sqlite_beside: SiteTable) -> Iterator[Answers]:
    """One data set for the whole module: no test here writes to the table."""
    with filled_answers(sqlite_beside, seed=7) as filled:
        yield filled


@pytest.mark.parametrize("model", MODELS)
def test_random_questions_have_the_answers_of_sqlite(answers: Answers, model: type[Any]) -> None:
    seeds = range(ROUNDS.get(model, OTHER_ROUNDS))
    differences = [difference for seed in seeds for difference in answers.differences(seed, model)]
    assert not differences, f"{len(differences)} differences\n" + "\n\n".join(differences[:3])


@pytest.mark.parametrize("model", MODELS)
def test_each_column_answers_every_condition_as_in_sqlite(answers: Answers, model: type[Any]) -> None:
    seeds = range(SIMPLE_ROUNDS.get(model, OTHER_SIMPLE_ROUNDS))
    differences = [difference for seed in seeds for difference in answers.differences(seed, model, simple=True)]
    assert not differences, f"{len(differences)} differences\n" + "\n\n".join(differences[:3])


def test_the_questions_are_not_all_about_nothing(answers: Answers) -> None:
    asked, filled = answers.asked, answers.filled
    for seed in range(5):
        answers.differences(seed, Visit)
    assert answers.filled - filled > (answers.asked - asked) * 0.4


def test_the_questions_name_everything_that_a_filter_can_ask(answers: Answers) -> None:
    texts = "\n".join(str(question) for seed in range(100) for question in answers.questions(seed, Visit))
    lookups = {name for name in [*LOOKUPS, *PARTS, "in", "isnull", "date", "time"] if f"__{name}" not in texts}
    operators = {name for name in ARITHMETIC if f" {name} " not in texts}
    assert (lookups, operators) == (set(), set())


def test_a_seed_draws_the_same_questions_again(answers: Answers) -> None:
    once, again = ([str(question) for question in answers.questions(3, Place)] for _ in range(2))
    assert once == again


def test_a_difference_is_reported_with_what_repeats_it(answers: Answers) -> None:
    with transaction.atomic(using=OTHER):
        Region.objects.using(OTHER).update(motto="another one")
        reports = [report for seed in range(5) for report in answers.differences(seed, Region)]
        transaction.set_rollback(True, using=OTHER)
    assert reports
    first, _, rest = reports[0].partition("\n")
    assert first.startswith("seed ")
    assert "Region.objects.order_by()." in first
    assert "  SQLite " in rest
    assert "  ours   " in rest
