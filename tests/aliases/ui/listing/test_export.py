"""The list as a file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
EXPORT = "/aliases/export.csv"


def test_it_holds_what_the_list_shows_on_all_of_its_pages_in_its_order() -> None:
    for number in range(30):
        alias(f"a{number:02}")
    alias("zebra", description="=HYPERLINK(1)")
    answer = signed_in(Role.VIEWER).get(f"{EXPORT}?sort=address")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["address"] for row in rows] == [*(f"a{n:02}@taco.example" for n in range(30)), "zebra@taco.example"]
    assert not rows[-1]["description"].startswith("=")  # no formula for a spreadsheet
    assert answer["Content-Disposition"] == 'attachment; filename="aliases.csv"'
    found = signed_in().get(f"{EXPORT}?q=zebra").content.decode()
    assert found.count("\n") == 2


def test_the_list_leads_to_it_with_its_filter() -> None:
    alias("zebra")
    assert 'href="/aliases/export.csv?q=zeb"' in signed_in().get("/aliases/?q=zeb").content.decode()


def test_it_costs_three_requests() -> None:
    alias()
    client = signed_in()
    with counted_requests() as requests:
        client.get(EXPORT)
    assert len(requests) == 3


def test_visitors_and_other_methods_are_refused() -> None:
    assert Client().get(EXPORT).status_code == 302
    assert signed_in().post(EXPORT).status_code == 405
