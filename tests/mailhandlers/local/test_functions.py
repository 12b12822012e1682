from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from mailhandlers.local.functions import Functions, register_functions
from tests.mailhandlers.local.conftest import ACCOUNT, arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boto3.session import Session


@pytest.fixture
def functions() -> Iterator[Functions]:
    made = Functions(retry_delays=(0.0, 0.0))
    yield made
    assert made.finish(5)


def test_event_and_answer_go_through_json(functions: Functions) -> None:
    seen: list[Any] = []

    def function(event: dict[str, Any], context: Any) -> Any:
        seen.append(event)
        return {"disposition": "CONTINUE", "pair": (1, 2)}

    functions.add(arn("ask"), function)
    event: dict[Any, Any] = {"list": [1], 7: None}
    assert functions.invoke(arn("ask"), event) == {"disposition": "CONTINUE", "pair": [1, 2]}
    assert seen == [{"list": [1], "7": None}]
    assert seen[0]["list"] is not event["list"]


def test_an_answer_that_is_no_json_is_an_error(functions: Functions) -> None:
    functions.add(arn("ask"), lambda event, context: {1, 2})
    with pytest.raises(TypeError):
        functions.invoke(arn("ask"), {})


def test_the_context_knows_function_request_and_time(functions: Functions) -> None:
    contexts: list[Any] = []
    functions.add(arn("ask"), lambda event, context: contexts.append(context))
    functions.invoke(arn("ask"), {})
    functions.invoke(arn("ask"), {})
    first, second = contexts
    assert first.function_name == "ask"
    assert first.invoked_function_arn == arn("ask")
    assert first.aws_request_id != second.aws_request_id
    assert 29_000 < first.get_remaining_time_in_millis() <= 30_000


def test_a_failing_event_is_tried_three_times(caplog: pytest.LogCaptureFixture) -> None:
    functions = Functions(retry_delays=(0.0, 0.0))
    tries: list[str] = []

    def function(event: dict[str, Any], context: Any) -> None:
        tries.append(event["name"])
        raise ValueError("broken")

    functions.add(arn("tell"), function)
    with caplog.at_level(logging.WARNING):
        functions.invoke_later(arn("tell"), {"name": "x"}, "incoming/x")
        assert functions.finish(5)
    assert tries == ["x", "x", "x"]
    assert "incoming/x; 'manage.py redeliver' tries again" in caplog.text


def test_a_success_ends_the_tries() -> None:
    functions = Functions(retry_delays=(0.0, 0.0))
    tries: list[int] = []

    def function(event: dict[str, Any], context: Any) -> None:
        tries.append(1)
        if len(tries) < 2:
            raise ValueError("broken")

    functions.add(arn("tell"), function)
    functions.invoke_later(arn("tell"), {}, "incoming/x")
    assert functions.finish(5)
    assert len(tries) == 2


def test_the_caller_does_not_wait(functions: Functions) -> None:
    hurry, ended = threading.Event(), threading.Event()

    def function(event: dict[str, Any], context: Any) -> None:
        hurry.wait(60)
        ended.set()

    functions.add(arn("tell"), function)
    functions.invoke_later(arn("tell"), {}, "incoming/x")
    assert not ended.is_set()
    hurry.set()
    assert ended.wait(60)


def test_finishing_does_not_wait_for_ever() -> None:
    functions = Functions()
    hurry = threading.Event()
    functions.add(arn("tell"), lambda event, context: hurry.wait(10) and None)
    functions.invoke_later(arn("tell"), {}, "incoming/x")
    assert not functions.finish(0.05)
    hurry.set()


def test_finishing_does_not_wait_for_the_delay_of_a_retry() -> None:
    functions = Functions(retry_delays=(60.0, 60.0))
    tries: list[int] = []

    def function(event: dict[str, Any], context: Any) -> None:
        tries.append(1)
        raise ValueError("broken")

    functions.add(arn("tell"), function)
    functions.invoke_later(arn("tell"), {}, "incoming/x")
    assert functions.finish(5)
    assert len(tries) == 3


def test_a_function_runs_one_event_at_a_time(functions: Functions) -> None:
    running: list[int] = []
    most: list[int] = []

    def function(event: dict[str, Any], context: Any) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()

    functions.add(arn("tell"), function)
    for number in range(8):
        functions.invoke_later(arn("tell"), {}, f"incoming/{number}")
    assert functions.finish(5)
    assert most == [1] * 8


def test_registered_functions_are_there_for_permissions(aws: Session) -> None:
    register_functions(aws, ACCOUNT, ("one", "two"))
    made = aws.client("lambda").list_functions()["Functions"]
    assert sorted(entry["FunctionArn"] for entry in made) == [arn("one"), arn("two")]
