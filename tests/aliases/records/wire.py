"""What passes between a table and DynamoDB: noted, and answered by the test where it has an answer."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aliases.records.connection import Table

TO_MOTO = None


@dataclass(frozen=True)
class Refusal:
    """An error as DynamoDB answers it. `reasons` are those of a cancelled transaction, one per write."""

    code: str
    message: str = "no reason given"
    reasons: tuple[str, ...] = ()
    status: int = 400

    def parsed(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "Error": {"Code": self.code, "Message": self.message},
            "ResponseMetadata": {"HTTPStatusCode": self.status},
        }
        if self.reasons:
            answer["CancellationReasons"] = [{"Code": reason} for reason in self.reasons]
        return answer


Answer = Refusal | Exception | dict[str, Any] | None
Maker = Callable[[], Answer]


@dataclass
class Request:
    """One request: the operation, and its arguments in the API's own form."""

    operation: str
    arguments: dict[str, Any]


@dataclass
class Wire:
    """Stands between one table and moto."""

    table: Table
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.forget()
        self.table.session.register("before-call.dynamodb", self._on_call)
        self.table.session.register("after-call.dynamodb", self._on_answer)

    def forget(self) -> None:
        """Begin anew: no requests, no answers."""
        self.requests.clear()
        self._answers: dict[str, list[Answer | Maker]] = defaultdict(list)
        self._last: dict[str, Answer | Maker] = {}
        self._given: list[tuple[str, dict[str, Any]]] = []

    def answer(self, operation: str, *answers: Answer | Maker) -> None:
        """The answers to the next requests of this operation, in order; TO_MOTO lets one through."""
        self._answers[operation] += answers

    def answer_always(self, operation: str, answer: Answer | Maker) -> None:
        self._last[operation] = answer

    def of(self, operation: str) -> list[dict[str, Any]]:
        """The arguments of all requests of one operation."""
        return [request.arguments for request in self.requests if request.operation == operation]

    def answers_to(self, operation: str) -> list[dict[str, Any]]:
        """What was answered to the requests of one operation."""
        return [answer for name, answer in self._given if name == operation]

    @property
    def operations(self) -> list[str]:
        return [request.operation for request in self.requests]

    def _on_call(self, **event: Any) -> Any:
        name = event["model"].name
        self.requests.append(Request(name, json.loads(event["params"]["body"])))
        waiting = self._answers[name]
        made = waiting.pop(0) if waiting else self._last.get(name, TO_MOTO)
        answer = made() if callable(made) else made
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Refusal):
            return SimpleNamespace(status_code=answer.status), answer.parsed()
        return None if answer is None else (SimpleNamespace(status_code=200), answer)

    def _on_answer(self, **event: Any) -> None:
        self._given.append((event["model"].name, event["parsed"]))
