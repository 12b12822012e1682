"""Choosing language, time zone and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from tacomail_site.accounts.exceptions import InvalidOperator
from tacomail_site.accounts.preferences import known_zone, set_preferences, time_zones
from tacomail_site.models import Operator
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def stored() -> tuple[str, str, str]:
    found = Operator.objects.get(pk="alice")
    return found.language, found.time_zone, found.theme


def test_nothing_is_chosen_at_first(alice: Operator) -> None:
    assert stored() == ("", "", "")


def test_an_operator_stored_before_there_was_a_choice_has_chosen_nothing(
    alice: Operator, empty_site: SiteTable
) -> None:
    (item,) = [item for page in empty_site.query("django:tacomail_site_operator") for item in page.items]
    for name in ("language", "time_zone", "theme"):
        item["data"]["M"].pop(name, None)
    empty_site.put(item)
    assert stored() == ("", "", "")


def test_what_is_given_is_kept_and_the_rest_stays(alice: Operator) -> None:
    set_preferences(alice, language="de", time_zone="Europe/Berlin", theme="dark")
    set_preferences(alice, language="es")
    assert stored() == ("es", "Europe/Berlin", "dark")


def test_a_choice_can_be_taken_back(alice: Operator) -> None:
    set_preferences(alice, language="de", theme="dark")
    set_preferences(alice, language="", theme="")
    assert stored() == ("", "", "")


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"language": "fr"}, "language"),
        ({"language": "../de"}, "language"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": "Europe"}, "time_zone"),
        ({"time_zone": "x" * 10_000}, "time_zone"),
        ({"time_zone": "\x00"}, "time_zone"),
        ({"theme": "pink"}, "theme"),
    ],
)
def test_what_is_not_known_is_refused_by_its_field_and_nothing_is_kept(
    alice: Operator, choice: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidOperator) as refused:
        set_preferences(alice, **{"language": "de", "theme": "dark", **choice})
    assert refused.value.field == field
    assert stored() == ("", "", "")


def test_it_costs_two_calls_and_nothing_where_nothing_changes(alice: Operator) -> None:
    with counted_requests() as requests:
        set_preferences(alice, language="de", theme="dark")
    assert len(requests) <= 2
    with counted_requests() as requests:
        set_preferences(alice, language="de", theme="dark")
    assert requests.operations == []


def test_it_undoes_no_change_that_was_made_meanwhile(alice: Operator) -> None:
    Operator.objects.get(pk="alice").sign_out_everywhere()
    before = Operator.objects.get(pk="alice").session_salt
    set_preferences(alice, theme="dark")
    assert Operator.objects.get(pk="alice").session_salt == before


def test_the_time_zones_begin_with_utc_and_are_places_then() -> None:
    names = time_zones()
    assert names[0] == "UTC"
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= set(names)
    assert not {"posixrules", "localtime", "Etc/GMT+1", "US/Pacific", "Factory"} & set(names)
    assert all(known_zone(name) for name in names)


def test_the_languages_are_english_german_and_spanish_by_their_own_names() -> None:
    assert dict(settings.LANGUAGES) == {"en": "English", "de": "Deutsch", "es": "Español"}
