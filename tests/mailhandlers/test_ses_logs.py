"""The log of the SES function: one JSON object a line, with the message id, never with the message's content."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from mailhandlers.logs import JsonFormatter, configure, log, logger
from tests.support.events import message_id, ses_event
from tests.support.traffic import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

    Lines = Callable[[], list[dict[str, Any]]]

SECRET = "Diagnosis of Mrs Example"
EVENTS: dict[str, dict[str, Any]] = {
    "accepted": {"recipients": ["shop@taco.example"]},
    "refused": {"recipients": ["nosuch@taco.example"]},
    "ignored": {"recipients": ["quiet@taco.example"]},
    "infected": {"recipients": ["shop@taco.example"], "virus": "FAIL"},
    "empty": {"recipients": []},
    "odd": {"recipients": ["\ud800", "x" * 3000, "line\nbreak@taco.example"]},
}


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lines:
    """The lines on standard output so far, each parsed."""
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)
    configure()
    output: list[str] = []

    def so_far() -> list[dict[str, Any]]:
        output.extend(capsys.readouterr().out.splitlines())
        return [json.loads(line) for line in output]

    return so_far


def secret_event(recipients: list[str], **options: Any) -> dict[str, Any]:
    mail = {"commonHeaders": {"subject": SECRET, "returnPath": "jane@example.com"}}
    return ses_event(*recipients, headers={"Subject": SECRET, "X-Note": SECRET}, mail=mail, **options)


@pytest.mark.parametrize("name", EVENTS)
def test_every_line_is_json_with_the_message_id_and_without_the_content(
    installation: Installation, lines: Lines, name: str
) -> None:
    installation.ask(secret_event(**EVENTS[name]))
    written = lines()
    assert written
    assert all({"time", "level", "event"} <= line.keys() for line in written)
    assert {line["message_id"] for line in written} == {message_id("message")}
    assert SECRET not in json.dumps(written)


@pytest.mark.parametrize("operation", ["BatchGetItem", "PutItem"])
def test_trouble_is_logged_without_the_content_too(
    installation: Installation, traffic: Traffic, lines: Lines, operation: str
) -> None:
    traffic.answer_always(f"dynamodb.{operation}", Refusal("AccessDeniedException"))
    installation.ask(secret_event(["shop@taco.example"]))
    written = lines()
    assert {line["message_id"] for line in written} == {message_id("message")}
    assert "ERROR" in {line["level"] for line in written}
    assert "AccessDeniedException" in json.dumps(written)
    assert SECRET not in json.dumps(written)


def test_the_decision_about_each_recipient_is_in_the_log(installation: Installation, lines: Lines) -> None:
    installation.ask(ses_event("shop@taco.example", "nosuch@taco.example"))
    (line,) = [line for line in lines() if line["event"] == "decided"]
    assert line["disposition"] == "accept"
    assert line["recipients"] == [
        ["shop@taco.example", "accept", "active_alias"],
        ["nosuch@taco.example", "refuse", "unknown_alias"],
    ]


def test_the_s3_function_logs_the_same_way(installation: Installation, lines: Lines) -> None:
    body = f"Subject: {SECRET}\r\n\r\n{SECRET}\r\n".encode()
    installation.deliver(installation.receive("shop@taco.example", body=body))
    assert installation.deliver(installation.receive("odd@taco.example", seed="lost", body=body)) == {"held": 1}
    written = lines()
    assert [line["event"] for line in written].count("delivered") == 1
    assert all("message_id" in line or "key" in line for line in written)
    assert SECRET not in json.dumps(written)


def test_configuring_twice_prints_no_line_twice(lines: Lines) -> None:
    configure()
    log(logging.INFO, "something", message_id="m1")
    (line,) = lines()
    assert (line["event"], line["message_id"], line["level"]) == ("something", "m1", "INFO")


def test_no_handler_of_another_logger_prints_a_line_again(lines: Lines) -> None:
    log(logging.INFO, "something")
    assert len(lines()) == 1
    assert not logger.propagate


def test_a_traceback_stays_inside_its_line(lines: Lines) -> None:
    try:
        raise ValueError("first line\nsecond line")
    except ValueError:
        log(logging.ERROR, "failed", exc_info=True, message_id="m1")
    (line,) = lines()
    assert "second line" in line["traceback"]


def test_a_field_that_json_does_not_know_is_written_as_text() -> None:
    record = logging.LogRecord("tacomail", logging.INFO, "x.py", 1, "some %s", ("text",), None)
    record.fields = {"path": b"bytes", "odd": "\ud800"}
    line = json.loads(JsonFormatter().format(record))
    assert line["event"] == "some text"
    assert line["path"] == "b'bytes'"
