"""Random queries have the same answers here as in SQLite. A failure names the seed; `ask(seed)` repeats it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import LogEntry

from aliases.models import Alias
from tests.aliases.backend.differential import answers, ask, dice_of, fill, questions, remembered_reads, second_database
from tests.support.installation import environment
from tests.support.site import empty_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_django import DjangoDbBlocker

ROUNDS = 60  # of some dozen questions each, for each of two models


@pytest.fixture(scope="module")
def both(
    moto_for_site: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """One data set in both databases, for the whole module: no test here writes."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        for name, value in environment(tmp_path_factory.mktemp("differential")).items():
            patch.setenv(name, value)
        table = empty_table()
        with second_database():
            fill(dice_of(7))
            with remembered_reads(table):
                yield


@pytest.fixture(autouse=True)
def _environment(both: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(tmp_path_factory.getbasetemp()).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("part", range(5))
@pytest.mark.parametrize("model", [Alias, LogEntry])
def test_random_queries_have_the_answers_of_sqlite(model: type[Any], part: int) -> None:
    seeds = range(part * ROUNDS // 5, (part + 1) * ROUNDS // 5)
    differences = [difference for seed in seeds for difference in ask(seed, model)[1]]
    assert differences == [], "\n".join(differences[:3])


def test_the_questions_are_not_all_about_nothing() -> None:
    """A generator whose conditions no row meets would compare nothing with nothing."""
    filled = 0
    for seed in range(20):
        said, question = next(questions(dice_of(seed), Alias))
        filled += bool(answers(Alias, question)[1])
        assert said
    assert filled >= 8
