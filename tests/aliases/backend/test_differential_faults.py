"""What random questions have found, each alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import NotSupportedError
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce

from tests.aliases.backend.differential_models import Visit

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("visits")


@pytest.fixture
def visits(empty_site: SiteTable) -> None:
    """Labels tell what is in them."""
    moment = datetime(2026, 3, 29, 12, tzinfo=UTC)
    made = [
        Visit(label="on", count=1, flag=True, number=5, note="b", day=date(2026, 3, 29), moment=moment),
        Visit(label="off", count=2, flag=False, other_number=1, other_note="a", day=date(2026, 3, 30), moment=moment),
        Visit(label="none", count=3, number=1, other_number=9, note="c"),
    ]
    Visit.objects.bulk_create(made)


def labels(rows: Any) -> list[str]:
    return list(rows.values_list("label", flat=True))


def test_the_opposite_of_a_flag_is_its_opposite() -> None:
    assert labels(Visit.objects.filter(~F("flag"))) == ["off"]
    shown = Case(When(~F("flag"), then=Value("closed")), default=Value("open"), output_field=CharField())
    by_label = dict(Visit.objects.annotate(shown=shown).values_list("label", "shown"))
    assert by_label == {"on": "open", "off": "closed", "none": "open"}


def test_a_value_below_a_range_is_outside_it_though_the_other_end_is_unknown() -> None:
    below = Q(number__range=(7, F("other_number")))  # "on" has no other number
    assert sorted(labels(Visit.objects.filter(~below))) == ["none", "off", "on"]
    assert labels(Visit.objects.filter(below)) == []
    assert labels(Visit.objects.filter(number__range=(1, F("other_number")))) == ["none"]


def test_mixed_types_that_have_an_order_are_brought_into_it() -> None:
    assert labels(Visit.objects.order_by(Coalesce("note", "other_note"))) == ["off", "on", "none"]


def test_days_are_not_added_to_a_date_in_silence() -> None:
    later = F("day") + timedelta(hours=36)
    with pytest.raises(NotSupportedError, match="does not support arithmetic of a date with anything but a date"):
        list(Visit.objects.annotate(later=later))
    spans = (
        Visit.objects.filter(day__isnull=False).annotate(between=F("day") - F("day")).values_list("between", flat=True)
    )
    assert set(spans) == {timedelta()}
    assert Visit.objects.filter(moment__lt=F("moment") + timedelta(hours=36)).count() == 2
