"""In which language and time zone a page is made, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory
from django.utils import timezone, translation

from tacomail_site.accounts.middleware import PreferencesMiddleware
from tacomail_site.accounts.preferences import appearance, set_preferences, theme_of
from tacomail_site.accounts.views import signing_in
from tacomail_site.models import Operator
from tests.aliases.admin.pages import told
from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import PROFILE, RECOVERY, SIGN_IN, TwoStepPerson, browser, sign_in, signed_in

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


class Seen:
    """A view behind the middleware, and what it saw."""

    def __init__(self, user: Any, **headers: str) -> None:
        self.found: tuple[str | None, str] = ("", "")
        self.request: Any = RequestFactory().get("/", headers=headers)
        self.request.user = user

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.middleware.process_view(request, self, (), {})
        self.found = (translation.get_language(), timezone.get_current_timezone_name())
        return HttpResponse("hello")

    def answered(self) -> HttpResponse:
        self.middleware = PreferencesMiddleware(self)
        answer = self.middleware(self.request)
        assert isinstance(answer, HttpResponse)
        return answer


def seen(user: Any, **headers: str) -> tuple[str | None, str]:
    view = Seen(user, **headers)
    view.answered()
    return view.found


def test_an_operator_s_choice_counts_and_not_the_browser_s() -> None:
    operator = Operator(username="x", language="de", time_zone="Europe/Berlin")
    assert seen(operator, accept_language="es", cookie="language=es") == ("de", "Europe/Berlin")


def test_where_the_operator_chose_nothing_the_browser_is_asked() -> None:
    assert seen(Operator(username="x"), accept_language="es-MX,es;q=0.9") == ("es", "UTC")


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"accept_language": "de-AT,de;q=0.9,en;q=0.5"}, "de"),
        ({"accept_language": "fr, es;q=0.5"}, "es"),
        ({"accept_language": "fr"}, "en"),
        ({"accept_language": "de", "cookie": "language=es"}, "es"),
        ({"accept_language": "de", "cookie": "language=xx"}, "de"),
        ({"accept_language": "de;q=nonsense,,;"}, "en"),
        ({"accept_language": "de" * 10_000}, "en"),
    ],
)
def test_for_nobody_the_cookie_counts_and_then_what_the_browser_asks_for(
    headers: dict[str, str], language: str
) -> None:
    assert seen(AnonymousUser(), **headers) == (language, "UTC")


@pytest.mark.parametrize("value", ["xx", "../de", "DE", " ", 7, None, ["de"]])
def test_what_nobody_understands_in_the_table_breaks_nothing(value: Any) -> None:
    operator = Operator(username="x", language=value, time_zone=value, theme=value)
    view = Seen(operator, accept_language="de")
    view.answered()
    assert view.found == ("de", "UTC")
    assert theme_of(view.request) == ""


def test_afterwards_all_is_as_before() -> None:
    with translation.override("es"), timezone.override("Asia/Tokyo"):
        seen(Operator(username="x", language="de", time_zone="Europe/Berlin"))
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("es", "Asia/Tokyo")


def test_afterwards_all_is_as_before_also_where_the_view_failed() -> None:
    def failing(request: HttpRequest) -> HttpResponse:
        translation.activate("de")
        raise LookupError

    with translation.override("es"):
        request: Any = RequestFactory().get("/")
        request.user = AnonymousUser()
        with pytest.raises(LookupError):
            PreferencesMiddleware(failing)(request)
        assert translation.get_language() == "es"


def test_a_page_says_its_language_and_what_it_depends_on() -> None:
    answer = Seen(AnonymousUser(), accept_language="de").answered()
    assert answer["Content-Language"] == "de"
    assert answer["Vary"] == "Accept-Language, Cookie"


def test_a_file_says_nothing_of_the_kind() -> None:
    request: Any = RequestFactory().get("/")
    request.user = AnonymousUser()
    answer = PreferencesMiddleware(lambda _: HttpResponse(b"x", content_type="message/rfc822"))(request)
    assert "Content-Language" not in answer.headers


def test_a_page_of_the_site_is_in_the_language_that_its_operator_chose(alice: Operator) -> None:
    client = signed_in()
    set_preferences(alice, language="de")
    assert client.get(PROFILE)["Content-Language"] == "de"
    set_preferences(alice, language="")
    assert client.get(PROFILE, headers={"accept-language": "es"})["Content-Language"] == "es"


def test_what_is_stored_and_not_understood_breaks_no_page(alice: Operator, empty_site: SiteTable) -> None:
    client = signed_in()
    (item,) = [item for page in empty_site.query("django:tacomail_site_operator") for item in page.items]
    values: list[Any] = [{"S": "klingon"}, {"N": "7"}, {"NULL": True}, {"L": []}]
    for value in values:
        for name in ("language", "time_zone", "theme"):
            item["data"]["M"][name] = value
        empty_site.put(item)
        assert client.get(PROFILE).status_code == 200


def test_the_choice_of_an_operator_costs_no_request(alice: Operator) -> None:
    set_preferences(alice, language="de", time_zone="Europe/Berlin", theme="dark")
    client = signed_in()
    with counted_requests() as requests:
        assert client.get("/accounts/password/")["Content-Language"] == "de"
    assert requests.operations == ["GetItem", "GetItem"]


def test_neither_does_that_of_a_browser(alice: Operator) -> None:
    client = browser()
    client.cookies["language"] = "de"
    with counted_requests() as requests:
        assert client.get(SIGN_IN)["Content-Language"] == "de"
    assert requests.operations == []


@pytest.mark.parametrize(
    ("stored", "cookie", "theme"),
    [
        ("", "", "system"),
        ("dark", "", "dark"),
        ("dark", "light", "dark"),
        ("", "light", "light"),
        ("", "pink", "system"),
        ("pink", "", "system"),
    ],
)
def test_templates_know_the_theme(stored: str, cookie: str, theme: str) -> None:
    request: Any = RequestFactory().get("/", headers={"cookie": f"theme={cookie}"})
    request.user = Operator(username="x", theme=stored)
    text = Engine().from_string("{% if theme %}{{ theme }}{% else %}system{% endif %}")
    assert text.render(Context(appearance(request))) == theme


def test_what_the_sign_in_says_is_said_in_the_language_of_who_signed_in(
    carol: TwoStepPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "ngettext", lambda *_: translation.get_language())
    set_preferences(carol.operator, language="de")
    client = browser()
    sign_in(client, "carol")
    assert told(client.post(RECOVERY, {"code": carol.recovery_codes[0]})) == ["de"]
