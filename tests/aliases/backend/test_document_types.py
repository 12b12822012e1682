"""Columns of every type come back from the table as they went in."""

from __future__ import annotations

import math
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DataError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.aliases.backend.models import Everything

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("empty_site")

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ZONES = st.timezones() | st.just(UTC) | st.just(timezone(timedelta(hours=-7, minutes=-30)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001  ZONES are added
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "long_text": TEXT,
    "number": st.integers(-(2**31), 2**31 - 1),
    "big_number": st.integers(-(2**63), 2**63 - 1),
    "small_number": st.integers(0, 32767),
    "real": st.floats(allow_nan=False),
    "decimal": st.decimals(-(10**8), 10**8, places=3, allow_nan=False, allow_infinity=False),
    "flag": st.booleans(),
    "moment": MOMENTS,
    "day": st.dates(),
    "time_of_day": st.times(),
    "span": st.timedeltas(),
    "unique": st.uuids(),
    "octets": st.binary(max_size=40),
    "address": st.ip_addresses().map(str),
    "data": PLAIN,
    "mail": st.emails(),
    "slug": st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True),
}
WITHOUT_FRESH_FIXTURES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def kept(**values: Any) -> Any:
    """The row as it comes back."""
    return Everything.objects.get(pk=Everything.objects.create(**values).pk)


def test_every_column_has_values_to_try() -> None:
    assert set(VALUES) == {field.name for field in Everything._meta.concrete_fields} - {"id"}


@WITHOUT_FRESH_FIXTURES
@given(st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()}))
def test_what_goes_in_comes_back(values: dict[str, Any]) -> None:
    row = kept(**values)
    for name in VALUES:
        expected, found = values.get(name), getattr(row, name)
        if name == "address" and expected is not None:
            assert uuid_free(found) == uuid_free(expected)
        else:
            assert found == expected, name


def uuid_free(address: str) -> str:
    """Django writes an IPv6 address in its shortest form."""
    import ipaddress

    return str(ipaddress.ip_address(address))


@WITHOUT_FRESH_FIXTURES
@given(st.fixed_dictionaries({name: values for name, values in VALUES.items() if name != "address"}))
def test_what_an_update_writes_comes_back_and_is_found(values: dict[str, Any]) -> None:
    row = Everything.objects.create()
    assert Everything.objects.filter(pk=row.pk).update(**values) == 1
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in values} == values
    found = Everything.objects.filter(pk=row.pk, **{name: value for name, value in values.items() if name != "data"})
    assert found.exists()


def test_a_moment_comes_back_in_utc() -> None:
    written = datetime(2024, 3, 31, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    found = kept(moment=written).moment
    assert found == written
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("number", [0.0, 1e-130, 1e-131, 5e-324, 9.9e125, 1e126, 1.7e308, math.inf, -math.inf, 0.1])
def test_a_number_beyond_those_of_dynamodb_comes_back_too(number: float) -> None:
    assert kept(real=number).real == number
    assert kept(real=-number).real == -number


def test_a_float_that_is_no_number_comes_back_as_that() -> None:
    assert math.isnan(kept(real=math.nan).real)


def test_a_decimal_is_rounded_to_the_places_of_its_column() -> None:
    assert str(kept(decimal=Decimal("1.5")).decimal) == "1.500"
    assert str(kept(decimal=Decimal("1.0006")).decimal) == "1.001"


def test_the_longest_span_keeps_its_microseconds() -> None:
    assert kept(span=timedelta.max).span == timedelta.max
    assert kept(span=timedelta.min).span == timedelta.min


def test_types_in_dynamodb_are_those_that_suit(empty_site: SiteTable) -> None:
    row = Everything.objects.create(
        text="x", number=1, real=1.5, flag=True, octets=b"\x00\xff", span=timedelta(seconds=1),
        moment=datetime(2024, 1, 1, tzinfo=UTC), day=date(2024, 1, 1), time_of_day=time(1, 2),
        unique=uuid.UUID(int=1), decimal=Decimal(1), data={"a": [1]},
    )  # fmt: skip
    (item,) = [item for page in empty_site.query("django:backend_tests_everything") for item in page.items]
    assert item["alias_address"] == {"S": str(row.pk)}
    assert item["data"]["M"] == {
        "id": {"N": str(row.pk)},
        "text": {"S": "x"},
        "number": {"N": "1"},
        "real": {"N": "1.5"},
        "flag": {"BOOL": True},
        "octets": {"B": b"\x00\xff"},
        "span": {"N": "1000000"},
        "moment": {"S": "2024-01-01T00:00:00+00:00"},
        "day": {"S": "2024-01-01"},
        "time_of_day": {"S": "01:02:00"},
        "unique": {"S": "00000000-0000-0000-0000-000000000001"},
        "decimal": {"S": "1.000"},
        "data": {"S": '{"a": [1]}'},
    }


@pytest.mark.parametrize("text", ["\udc80", "shop\ud800"])
@pytest.mark.parametrize("column", ["text", "long_text", "slug"])
def test_a_lone_surrogate_is_refused_with_the_column_named(column: str, text: str) -> None:
    row = Everything.objects.create()
    wanted = f"The value of {column} holds a lone surrogate, which is no text."
    with pytest.raises(DataError, match=wanted):
        Everything.objects.create(**{column: text})
    with pytest.raises(DataError, match=wanted):
        Everything.objects.filter(pk=row.pk).update(**{column: text})
    assert Everything.objects.count() == 1


def test_of_many_new_rows_none_is_written_when_one_cannot_be() -> None:
    with pytest.raises(DataError):
        Everything.objects.bulk_create([Everything(text="fine"), Everything(text="\udc80")])
    assert Everything.objects.count() == 0
