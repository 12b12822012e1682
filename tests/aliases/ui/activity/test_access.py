"""Who may open the activity of all aliases and of one message, and how."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from aliases.records.exceptions import TableUnavailable
from tacomail_site.models import Role
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.entries import written

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

LIST = "/activity/"


@pytest.fixture(params=["list", "message"])
def url(request: pytest.FixtureRequest, site: SiteTable) -> str:
    identifier = written(site, int(time.time()) - 60)
    return LIST if request.param == "list" else reverse("ui:message", args=[identifier])


@pytest.mark.parametrize("role", list(Role))
def test_each_page_works_for_every_role(url: str, role: Role) -> None:
    assert signed_in(role).get(url).status_code == 200


def test_each_page_answers_head(url: str) -> None:
    answer = signed_in().head(url)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["get", "post"])
def test_each_page_needs_signing_in(url: str, method: str) -> None:
    answer = getattr(Client(), method)(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_each_page_can_only_be_looked_at(url: str, method: str) -> None:
    assert getattr(signed_in(Role.OWNER), method)(url).status_code == 405


@pytest.mark.parametrize(
    "url",
    [
        "/activity/nosuch/",
        "/activity/2024-09-03T10:15:30Z/m1/nobody@taco.example/",
        "/activity/2024-09-03T10:15:30Z/m1/%252E%252E/",
        "/activity/%0A/",
        "/activity/?before=nonsense",
        "/activity/?before=2024-13-01T00:00:00Z",
    ],
)
@pytest.mark.usefixtures("site")
def test_what_is_not_there_is_not_found(url: str) -> None:
    assert signed_in().get(url).status_code == 404


def test_a_table_that_gives_no_answer_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    place = "aliases.ui.activity.views.log_page" if url == LIST else "aliases.ui.activity.message.find_entry"

    def refuse(*_: object, **__: object) -> None:
        raise TableUnavailable("The table is slow.")

    monkeypatch.setattr(place, refuse)
    answer = client.get(url)
    assert answer.status_code == 503
    assert "The table gave no answer" in answer.content.decode()
