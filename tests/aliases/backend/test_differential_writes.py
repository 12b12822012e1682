"""Random writes leave the same rows here as in SQLite. `scripts.differences(seed)` repeats one script alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests.aliases.backend.differential import OTHER, dice_of
from tests.aliases.backend.differential_filling import fill_for_writes
from tests.aliases.backend.differential_models import Visit
from tests.aliases.backend.differential_scripts import STATEMENTS, Scripts

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytest_plugins = ("tests.aliases.backend.differential_fixtures",)
pytestmark = pytest.mark.usefixtures("sqlite_environment")

PARTS, EACH = 3, 5  # scripts in each part


@pytest.fixture(scope="module")
def scripts(sqlite_beside: SiteTable) -> Scripts:
    return Scripts(fill_for_writes(dice_of(7)), sqlite_beside)


@pytest.mark.parametrize("part", range(PARTS))
def test_random_writes_leave_the_rows_of_sqlite(scripts: Scripts, part: int) -> None:
    written, refused = scripts.written, scripts.refused
    seeds = range(part * EACH, (part + 1) * EACH)
    differences = [difference for seed in seeds for difference in scripts.differences(seed)]
    assert not differences, "\n\n".join(differences[:2])
    assert scripts.written - written == EACH * STATEMENTS
    assert scripts.refused - refused < EACH * STATEMENTS / 2


def test_a_difference_is_reported_with_the_statements_before_it(scripts: Scripts) -> None:
    with transaction.atomic(using=OTHER):
        Visit.objects.using(OTHER).update(label="another one")
        (report,) = next(found for seed in range(9) if (found := scripts.differences(seed)))
        transaction.set_rollback(True, using=OTHER)
    assert report.startswith("seed ")
    assert "SQLite has in Visit" in report
