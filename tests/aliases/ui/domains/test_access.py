"""Who may open the pages of domains, and how."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aliases.models import Domain
from aliases.records.exceptions import TableUnavailable
from tacomail_site.models import Role
from tests.aliases.admin.pages import signed_in

pytestmark = pytest.mark.usefixtures("site")

LIST = "/domains/"
ADD = "/domains/add/"
PAGE = "/domains/taco.example/"
SWITCH = f"{PAGE}switch/"
REMOVE = f"{PAGE}remove/"
FOR_EDITORS = (ADD, SWITCH, REMOVE)
EVERY = (LIST, PAGE, *FOR_EDITORS)


def test_each_page_works_for_an_editor() -> None:
    client = signed_in()
    assert {url: client.get(url).status_code for url in EVERY} == dict.fromkeys(EVERY, 200)


def test_each_page_needs_signing_in() -> None:
    for url in EVERY:
        for answer in (Client().get(url), Client().post(url)):
            assert (answer.status_code, url) == (302, url)
            assert answer["Location"].startswith("/accounts/sign-in/")


def test_each_page_refuses_other_methods_and_the_list_a_post() -> None:
    client = signed_in()
    refused = [(method, url) for method in ("put", "delete", "patch") for url in EVERY] + [("post", LIST)]
    for method, url in refused:
        assert (getattr(client, method)(url).status_code, method, url) == (405, method, url)


@pytest.mark.parametrize(("url", "status"), [(LIST, 200), (PAGE, 200), *((url, 403) for url in FOR_EDITORS)])
def test_a_viewer_sees_and_is_offered_nothing_to_do(url: str, status: int) -> None:
    answer = signed_in(Role.VIEWER).get(url)
    assert answer.status_code == status
    for way in (ADD, SWITCH, REMOVE, "Save the description"):
        assert way not in answer.content.decode()


@pytest.mark.parametrize("url", [PAGE, *FOR_EDITORS])
def test_a_viewer_changes_nothing(url: str) -> None:
    data = {"domain": "b.example", "description": "x", "to": "off"}
    assert signed_in(Role.VIEWER).post(url, data).status_code == 403
    (domain,) = Domain.objects.all()
    assert (domain.pk, domain.active, domain.description) == ("taco.example", True, "")


@pytest.mark.parametrize("name", ["nosuch.example", "nonsense", "a_b.example", "..", "x" * 300])
def test_an_unknown_domain_is_not_found(name: str) -> None:
    client = signed_in()
    for rest in ("", "?check=1", "switch/", "remove/"):
        assert (client.get(f"/domains/{name}/{rest}").status_code, rest) == (404, rest)


def test_a_domain_is_found_in_any_spelling() -> None:
    assert "<h1>taco.example</h1>" in signed_in().get("/domains/TACO.Example./").content.decode()


@pytest.mark.parametrize(
    ("url", "data"),
    [(ADD, {"domain": "b.example"}), (PAGE, {"description": "x"}), (SWITCH, {"to": "off"}), (REMOVE, {})],
)
def test_a_post_needs_its_token(url: str, data: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in().cookies
    assert client.post(url, data).status_code == 403
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("url", "data", "service"),
    [
        (ADD, {"domain": "b.example", "description": "Lunch"}, "views.add_domain"),
        (PAGE, {"description": "Lunch"}, "views.describe_domain"),
        (SWITCH, {"to": "off"}, "views.deactivate_domain"),
        (REMOVE, {"typed": "Lunch"}, "removing.remove_domain"),
    ],
)
def test_a_table_without_an_answer_keeps_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, url: str, data: dict[str, str], service: str
) -> None:
    def silent(*_: Any, **__: Any) -> None:
        raise TableUnavailable("no answer")

    monkeypatch.setattr(f"aliases.ui.domains.{service}", silent)
    answer = signed_in().post(url, data)
    assert answer.status_code == 503
    assert all(value in answer.content.decode() for value in data.values())
