"""What every page shares: who may open it and how, and what becomes of a table that gives no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import NotSupportedError, OperationalError
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxDetails

from aliases.records.exceptions import NotFound, TableRefused, TableUnavailable
from aliases.ui.pages import CHANGE, back_to_list, by, can_change, found, page, see_other
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import signed_in

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.ui.pages import Request

EDITOR, VIEWER = Operator(username="eve", role=Role.EDITOR), Operator(username="vic", role=Role.VIEWER)


@page("GET", "POST", post=CHANGE)
def shop(request: Request) -> HttpResponse:
    return HttpResponse(b"here")


def asked(method: str, operator: Any, **headers: str) -> Any:
    request: Any = RequestFactory().generic(method, "/shop/?a=1", headers=headers)
    request.user, request.htmx = operator, HtmxDetails(request)
    return request


@pytest.mark.parametrize(
    ("method", "operator", "status"),
    [
        ("GET", EDITOR, 200),
        ("HEAD", EDITOR, 200),
        ("POST", EDITOR, 200),
        ("GET", VIEWER, 200),
        ("POST", VIEWER, 403),
        ("DELETE", EDITOR, 405),
        ("PUT", VIEWER, 405),
        ("GET", AnonymousUser(), 302),
    ],
)
def test_method_and_role_decide(method: str, operator: Any, status: int) -> None:
    assert shop(asked(method, operator)).status_code == status


def test_another_method_is_told_which_ones_there_are() -> None:
    assert shop(asked("DELETE", EDITOR))["Allow"] == "GET, POST, HEAD"


def test_a_visitor_signs_in_and_comes_back() -> None:
    assert shop(asked("GET", AnonymousUser()))["Location"] == "/accounts/sign-in/?next=%2Fshop%2F%3Fa%3D1"


def test_a_visitor_whose_session_ended_does_not_come_back_to_a_post() -> None:
    assert shop(asked("POST", AnonymousUser()))["Location"] == "/accounts/sign-in/?next=%2F"


def test_htmx_loads_the_sign_in_page_as_a_whole_and_comes_back_to_the_page_that_it_was_on() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/aliases/?q=x"}
    answer = shop(asked("POST", AnonymousUser(), **headers))
    assert (answer.status_code, "Location" in answer) == (200, False)
    assert answer["HX-Redirect"] == "/accounts/sign-in/?next=%2Faliases%2F%3Fq%3Dx"


def test_htmx_on_a_page_of_another_host_comes_back_home() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://example.org/aliases/"}
    assert shop(asked("GET", AnonymousUser(), **headers))["HX-Redirect"].endswith("next=%2F")


def test_who_does_it_and_may_it() -> None:
    request = asked("GET", VIEWER)
    assert (by(request), can_change(request)) == ("vic", False)


def silent(*_: object, **__: object) -> Any:
    raise TableUnavailable("no answer")


def test_a_table_without_an_answer_keeps_what_was_posted(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    monkeypatch.setattr("aliases.ui.listing.bulk.read_choices", silent)
    posted = {"id": ["one", "two"], "action": "delete", "password": "secret horse", "csrfmiddlewaretoken": "old"}
    answer = client.post("/aliases/bulk/?from=here", posted)
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert 'action="/aliases/bulk/?from=here"' in text
    for kept in ('name="id" value="one"', 'name="id" value="two"', 'name="action" value="delete"'):
        assert kept in text
    assert "secret horse" not in text
    assert 'value="old"' not in text


def test_a_table_that_does_not_even_give_the_session_keeps_it_too(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in()
    client.raise_request_exception = False
    monkeypatch.setattr(site, "get", silent)
    answer = client.post("/aliases/bulk/", {"id": "one", "action": "pause"})
    assert answer.status_code == 503
    assert 'name="id" value="one"' in answer.content.decode()


def of_django() -> OperationalError:
    error = OperationalError("x")
    error.__cause__ = TableUnavailable("x")
    return error


@pytest.mark.parametrize("error", [TableUnavailable("x"), of_django()])
def test_no_answer_to_a_get_offers_to_try_again(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing() -> Any:
        raise error

    monkeypatch.setattr("aliases.ui.listing.views.read_choices", failing)
    answer = signed_in().get("/aliases/?q=a")
    assert answer.status_code == 503
    assert 'href="/aliases/?q=a"' in answer.content.decode()


def test_a_table_that_refuses_says_why_and_does_not_ask_to_wait(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing() -> Any:
        raise TableRefused("DynamoDB denied it.")

    monkeypatch.setattr("aliases.ui.listing.views.read_choices", refusing)
    answer = signed_in().get("/aliases/")
    assert (answer.status_code, "Retry-After" in answer) == (503, False)
    assert "DynamoDB denied it." in answer.content.decode()


def test_a_fault_of_ours_is_not_taken_for_one_of_the_table(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported() -> Any:
        raise NotSupportedError("a query that the backend refuses")

    monkeypatch.setattr("aliases.ui.listing.views.read_choices", unsupported)
    with pytest.raises(NotSupportedError):
        signed_in().get("/aliases/")


def test_what_is_not_there_is_not_found() -> None:
    def unknown(error: type[Exception]) -> None:
        raise error("no such alias")

    for error in (NotFound, ObjectDoesNotExist):
        with pytest.raises(Http404, match="no such alias"):
            found(unknown, error)
    assert found(str, 5) == "5"


def test_an_unknown_page_keeps_the_navigation(site: SiteTable) -> None:
    answer = signed_in().get("/nothing/")
    assert answer.status_code == 404
    assert 'href="/aliases/"' in answer.content.decode()
    assert Client().get("/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "to"),
    [
        ("/aliases/?q=a", "/aliases/?q=a"),
        ("", "/aliases/"),
        ("https://example.org/aliases/", "/aliases/"),
        ("//example.org/aliases/", "/aliases/"),
        ("/admin/", "/aliases/"),
        ("javascript:alert(1)", "/aliases/"),
    ],
)
def test_a_form_leads_back_to_its_list_and_nowhere_else(wanted: str, to: str) -> None:
    request = RequestFactory().post("/", {"next": wanted})
    assert back_to_list(request, "ui:aliases") == to


def test_after_something_was_done_the_browser_goes_on_with_get() -> None:
    answer = see_other("ui:alias", "7")
    assert (answer.status_code, answer["Location"]) == (303, "/aliases/7/")
