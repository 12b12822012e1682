"""Somebody signed in on the site calls the API in the same browser: with the CSRF token of its pages, or only reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from aliases.api.callers import Scope
from tacomail_site.accounts import services
from tacomail_site.models import Operator, Role
from tests.support.api import token
from tests.support.site import counted_requests

CSRF = "abcdefghijklmnopqrstuvwxyz012345"
SESSION = ["GetItem", "GetItem"]  # the session, and its operator

pytestmark = pytest.mark.usefixtures("api_site")


def browser(role: str = Role.OWNER, **fields: Any) -> Client:
    """Signed in, with the cookie of the CSRF token, and with Django's check of it."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("olivia", None, role, **fields))
    client.cookies[django_settings.CSRF_COOKIE_NAME] = CSRF
    return client


def ask(client: Client, method: str = "GET", path: str = "/alias/read", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(method, path, content_type="application/json", headers=named)


def test_reading_takes_the_session_alone() -> None:
    found = ask(browser()).json()
    assert (found["name"], found["kind"], found["scopes"]) == ("olivia", "session", sorted(Scope))


def test_it_costs_the_session_and_the_operator() -> None:
    client = browser()
    with counted_requests() as requests:
        assert ask(client).status_code == 200
    assert requests.operations == SESSION


@pytest.mark.parametrize("scope", Scope)
def test_changing_takes_the_csrf_token_too(scope: Scope) -> None:
    client, path = browser(), f"/alias/{scope}"
    answer = ask(client, "POST", path)
    assert (answer.status_code, "CSRF token missing" in answer.json()["message"]) == (403, True)
    assert ask(client, "POST", path, X_CSRFToken=CSRF[::-1]).status_code == 403
    assert ask(client, "POST", path, X_CSRFToken="").status_code == 403
    assert ask(client, "POST", path, X_CSRFToken=CSRF).status_code == 200


def test_the_token_of_a_form_will_do_and_leaves_the_body_to_the_view() -> None:
    client = browser()
    for body in ({"csrfmiddlewaretoken": CSRF}, {"csrfmiddlewaretoken": CSRF, "alias": "shop"}):
        answer = client.post("/alias/create", body)  # multipart, which is no JSON
        assert answer.status_code == 400
        assert "The body is no JSON" in answer.json()["message"]


@pytest.mark.parametrize(
    "body", [b"", b"no multipart", b"--x\r\n\r\n", b"\x00\xff" * 50, b"--x\r\nContent-Disposition: form-data"]
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=\x00"]
)
def test_a_broken_form_is_no_error_of_ours(body: bytes, kind: str) -> None:
    answer = browser().post("/alias/create", body, content_type=kind, headers={"X-CSRFToken": CSRF})
    assert answer.status_code in {200, 400}
    assert answer["Content-Type"] == "application/json"


def test_a_body_that_is_too_large_is_said_to_be() -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = browser_again().post(
            "/alias/create", b"x" * 3_000_000, content_type=kind, headers={"X-CSRFToken": CSRF}
        )
        assert answer.status_code == 400


def browser_again() -> Client:
    Operator.objects.filter(pk="olivia").delete()
    return browser()


def test_without_the_cookie_the_header_proves_nothing() -> None:
    client = browser()
    del client.cookies[django_settings.CSRF_COOKIE_NAME]
    assert ask(client, "POST", X_CSRFToken=CSRF).status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", "http://testserver.evil.example.com", "null", "", "http://["]
)
def test_another_origin_is_refused_with_the_right_token(origin: str) -> None:
    client = browser()
    assert ask(client, "POST", X_CSRFToken=CSRF, Origin=origin).status_code == 403
    assert ask(client, "POST", X_CSRFToken=CSRF, Origin="http://testserver").status_code == 200


def test_another_origin_may_not_read_an_answer_to_a_session() -> None:
    answer = ask(browser(), Origin="https://evil.example.com")
    assert answer.get("Access-Control-Allow-Credentials") is None


def test_what_changes_something_by_get_takes_no_session() -> None:
    client = browser()
    answer = ask(client, path="/alias/write", X_CSRFToken=CSRF)
    assert (answer.status_code, "takes a token, not a session" in answer.json()["message"]) == (403, True)
    assert ask(client, path="/alias/write", Authorization=f"Bearer {token(Scope.WRITE)}").status_code == 200


def test_a_viewer_only_reads() -> None:
    client = browser(Role.VIEWER)
    found = {scope: ask(client, "POST", f"/alias/{scope}", X_CSRFToken=CSRF).status_code for scope in Scope}
    assert found == {Scope.READ: 200, Scope.CREATE: 403, Scope.WRITE: 403, Scope.ADMIN: 403}


def test_an_editor_may_do_everything() -> None:
    client = browser(Role.EDITOR)
    assert {ask(client, "POST", f"/alias/{scope}", X_CSRFToken=CSRF).status_code for scope in Scope} == {200}


def test_a_role_that_nobody_knows_may_do_nothing() -> None:
    assert ask(browser("emperor")).status_code == 403


def test_somebody_who_must_set_up_two_step_sign_in_is_nobody_here() -> None:
    client = browser(two_step_required=True)
    for scope in Scope:
        answer = ask(client, "POST", f"/alias/{scope}", X_CSRFToken=CSRF)
        assert (answer.status_code, answer.get("Location")) == (401, None)


def test_a_session_that_has_ended_is_nobody() -> None:
    client = browser()
    assert ask(client).status_code == 200
    services.sign_out_everywhere(Operator.objects.get(), by="test")
    assert ask(client).status_code == 401


def test_nobody_is_told_how_to_say_who_they_are() -> None:
    with counted_requests() as requests:
        answer = Client().get("/alias/read")
    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.json()["message"]
    assert requests.operations == []


def test_a_token_costs_no_look_at_the_session_that_the_browser_sends_along() -> None:
    text, client = token(Scope.READ, username="bob", role=Role.VIEWER), browser()
    with counted_requests() as requests:
        found = ask(client, Authorization=f"Bearer {text}").json()
    assert (found["name"], found["kind"]) == ("bob", "token")
    assert requests.operations == ["UpdateItem", "BatchGetItem"]


def test_a_token_needs_no_csrf_token_and_a_wrong_one_is_not_mended_by_a_session() -> None:
    text, client = token(Scope.CREATE, username="bob"), browser()
    header = {"Authorization": f"Bearer {text}", "Origin": "https://elsewhere.example.com"}
    assert ask(client, "POST", "/alias/create", **header).status_code == 200
    assert ask(client, "GET", "/alias/create", Authorization=f"Bearer {text[:-1]}").status_code == 401
    assert ask(client, "GET", "/alias/create", Authorization="Bearer ").status_code == 401


def test_the_browser_stays_signed_in_after_a_call_with_a_token() -> None:
    text, client = token(Scope.READ, username="bob"), browser()
    answer = ask(client, Authorization=f"Bearer {text}")
    assert django_settings.SESSION_COOKIE_NAME not in answer.cookies
    assert ask(client).json()["name"] == "olivia"
