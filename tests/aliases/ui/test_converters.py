"""What stands in the addresses of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote as decoded

import pytest
from django.urls import NoReverseMatch, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from aliases.models import Alias
from tests.aliases.admin.pages import signed_in
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

USUAL = "0b9e8d2e-7d2f-4c39-9a51-3f5d8d1e2c4b"


def test_a_usual_identifier_stands_there_as_it_is() -> None:
    assert reverse("ui:alias", args=[USUAL]) == f"/aliases/{USUAL}/"


@given(st.text(min_size=1).filter(lambda text: text.isprintable() and text != "/"))
def test_every_identifier_finds_its_way_back(identifier: str) -> None:
    found = resolve(decoded(reverse("ui:alias_state", args=[identifier])))
    assert (found.view_name, found.kwargs["identifier"]) == ("ui:alias_state", identifier)


def test_an_alias_without_one_has_no_page() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("ui:alias", args=[""])


@pytest.mark.parametrize("identifier", ["7", "ABC/DEF", "shop@taco.example", USUAL.upper()])
def test_the_pages_show_an_alias_whatever_its_identifier(site: SiteTable, identifier: str) -> None:
    Alias.objects.create(
        identifier=identifier,
        alias_address="old",
        sub_domain=DOMAIN,
        full_address=f"old@{DOMAIN}",
        destination=DESTINATION,
    )
    client = signed_in()
    link = reverse("ui:alias", args=[identifier])
    assert f'href="{link}"' in client.get("/aliases/").content.decode()
    assert "old" in client.get(link).content.decode()
    assert client.post(f"{link}state/", {"state": "paused"}).status_code == 303
    assert not Alias.objects.get(pk=identifier).active_alias
