from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from aliases.records.exceptions import TableUnavailable
from tacomail_site.models import Operator, Role
from tests.support.site import PASSWORD

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_home_is_the_list_of_aliases(site: SiteTable) -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/aliases/")


def test_a_session_that_the_table_does_not_give_is_a_page_that_says_to_try_again(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("alice", PASSWORD))

    def silent(*_: object) -> None:
        raise TableUnavailable("The table gave no answer.")

    monkeypatch.setattr(site, "get", silent)
    answer = client.get("/accounts/")
    assert answer.status_code == 503
    assert "The table gave no answer" in answer.content.decode()


def test_a_mistake_of_ours_stays_an_error_of_the_server(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("alice", PASSWORD))
    monkeypatch.setattr(site, "get", lambda *_: 1 / 0)
    assert client.get("/accounts/").status_code == 500


def test_every_page_names_the_icon(site: SiteTable) -> None:
    assert 'rel="icon"' in Client().get("/accounts/sign-in/").content.decode()


def test_an_unknown_address_is_answered_in_the_operators_language(site: SiteTable) -> None:
    client = Client()
    client.force_login(Operator.objects.create_operator("alice", PASSWORD, language="de"))
    text = client.get("/nothing/").content.decode()
    assert '<html lang="de"' in text
    assert "Nicht gefunden" in text


def test_an_error_outside_of_all_views_has_the_security_headers_too(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("alice", PASSWORD))

    def silent(*_: object, **__: object) -> None:
        raise TableUnavailable("The table gave no answer.")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", silent)
    answer = client.get("/accounts/two-step/")
    assert answer.status_code == 503
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/nothing/", "/accounts/operators/"])
def test_no_browser_and_no_cache_in_between_keeps_an_error(site: SiteTable, path: str) -> None:
    client = Client()
    client.force_login(Operator.objects.create_operator("alice", PASSWORD, Role.EDITOR))
    answer = client.get(path)
    assert answer.status_code in {403, 404}
    assert "no-store" in answer["Cache-Control"]


def test_a_session_that_the_table_does_not_keep_is_no_fault_of_the_request(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("alice", PASSWORD))
    put, update = site.put, site.update

    def refused(item: Any, *rest: Any) -> None:
        if "django_session" in str(item):
            raise TableUnavailable("The table gave no answer.")
        put(item, *rest)

    def refused_update(key: Any, *rest: Any) -> Any:
        if "django_session" in str(key):
            raise TableUnavailable("The table gave no answer.")
        return update(key, *rest)

    monkeypatch.setattr(site, "put", refused)
    monkeypatch.setattr(site, "update", refused_update)
    assert client.get("/accounts/two-step/").status_code == 503


def test_a_request_that_is_wrong_stays_a_bad_request(site: SiteTable) -> None:
    assert Client().get("/accounts/sign-in/", headers={"host": "elsewhere.example.org"}).status_code == 400
