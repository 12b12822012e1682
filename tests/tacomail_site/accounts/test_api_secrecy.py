"""A token stands in no log and in no answer, and neither does what it is kept under."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.views.debug import ExceptionReporter

from aliases.api.callers import Scope
from aliases.records.exceptions import TableUnavailable
from tacomail_site.accounts import tokens, tokenuse
from tacomail_site.accounts.tokens import digest_of
from tacomail_site.models import ApiToken, Operator
from tests.support.api import token

if TYPE_CHECKING:
    from pytest_django import Settings

    from aliases.backend.table import SiteTable

WRONG = "a1B2c3D4e5" * 4
MALFORMED = "correct-horse-battery-staple"

pytestmark = pytest.mark.usefixtures("api_site")


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that anybody logs, at any level."""
    caplog.set_level(logging.DEBUG)
    return caplog


def lines(log: pytest.LogCaptureFixture) -> str:
    """What a formatter may make of it, tracebacks and arguments too."""
    return "\n".join([log.text, *(repr(record.args) for record in log.records)])


def hidden(text: str) -> list[str]:
    letters = text.rpartition("_")[2]
    return [letters, str(digest_of(text) or letters)]


def calls(text: str, path: str = "/alias/read", **more: Any) -> list[Any]:
    """By each of the two headers."""
    client = Client(raise_request_exception=False, **more)
    sent = ({"Authorization": f"Bearer {text}"}, {"Authorization": f"token {text}"}, {"Authentication": text})
    return [client.get(path, headers=headers) for headers in sent]


def assert_untold(text: str, answers: list[Any], log: pytest.LogCaptureFixture) -> None:
    told = [answer.content.decode() + str(answer.headers) for answer in answers]
    assert log.records
    for secret in hidden(text):
        assert secret not in lines(log)
        assert not [page for page in told if secret in page]


@pytest.mark.parametrize("debug", [False, True])
def test_a_good_one(written: pytest.LogCaptureFixture, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    text = token(Scope.READ)
    answers = [*calls(text), *calls(text, "/alias/write"), *calls(text, "/alias/nothing"), *calls(text, "/alias/read/")]
    assert {answer.status_code for answer in answers} == {200, 403, 404}
    assert_untold(text, answers, written)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("text", [f"taco_{WRONG}", WRONG, f"addy_io_{WRONG}", MALFORMED])
def test_a_wrong_one(written: pytest.LogCaptureFixture, settings: Settings, text: str, debug: bool) -> None:
    settings.DEBUG = debug
    answers = [answer for _ in range(11) for answer in calls(text)]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert_untold(text, answers, written)


def test_one_with_too_many_calls(written: pytest.LogCaptureFixture, settings: Settings) -> None:
    settings.API_CALLS_PER_MINUTE = 1
    text = token(Scope.READ)
    answers = calls(text)
    assert 429 in {answer.status_code for answer in answers}
    assert_untold(text, answers, written)


@pytest.mark.parametrize("debug", [False, True])
def test_one_whose_call_breaks(written: pytest.LogCaptureFixture, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    text = token(Scope.READ)
    answers = calls(text, "/alias/broken")
    assert {answer.status_code for answer in answers} == {500}
    assert ("Traceback" in answers[0].content.decode()) is debug
    assert_untold(text, answers, written)


@pytest.mark.parametrize("error", [RuntimeError("broken"), TableUnavailable("no answer")])
@pytest.mark.parametrize("debug", [False, True])
def test_one_that_breaks_on_its_way_to_the_table(
    written: pytest.LogCaptureFixture,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    api_site: SiteTable,
    error: Exception,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    text = token(Scope.READ)

    def broken(operation: str, arguments: dict[str, Any]) -> None:
        body = {operation: [arguments, {"Authorization": f"Bearer {text}"}], "digest": digest_of(text)}
        raise error if body else AssertionError

    monkeypatch.setattr(api_site, "call", broken)
    monkeypatch.setattr(api_site, "update", lambda key, *_: broken("UpdateItem", {"key": key}))
    answers = [*calls(text), *calls(text, "/alias/broken")]
    assert {answer.status_code for answer in answers} <= {500, 503}
    assert_untold(text, answers, written)


def test_the_page_for_errors_shows_other_variables_and_hides_the_cookies_of_an_event(settings: Settings) -> None:
    settings.DEBUG = True
    event: Any = {
        "cookies": ["sessionid=opensesame"],
        "headers": {"cookie": "sessionid=opensesame"},
        "path": "/visible",
    }
    more: dict[str, Any] = {"lambda.event": event}
    (page, *_rest) = [answer.content.decode() for answer in calls(token(Scope.READ), "/alias/broken", **more)]
    assert "opensesame" not in page
    assert "/visible" in page
    assert "aliases.api" in page


def test_one_that_breaks_while_it_is_made(
    written: pytest.LogCaptureFixture, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its letters are a variable of the function that makes it."""
    settings.DEBUG = True
    operator = Operator.objects.create_operator("olivia", None)
    letters = iter(WRONG)
    monkeypatch.setattr("tacomail_site.accounts.tokens.secrets.choice", lambda _: next(letters))
    monkeypatch.setattr(ApiToken.objects, "create", None)
    with pytest.raises(TypeError) as raised:
        tokens.make_token(operator, "x", [Scope.READ])
    report = ExceptionReporter(None, raised.type, raised.value, raised.tb).get_traceback_html()
    assert "make_token" in report
    assert WRONG not in report


def test_two_libraries_that_write_down_whole_requests_keep_quiet(written: pytest.LogCaptureFixture) -> None:
    calls(token(Scope.READ))
    assert not {record.name.partition(".")[0] for record in written.records} & {"botocore", "pynamodb"}
    assert tokenuse.is_proven(f"taco_{WRONG}") is False
