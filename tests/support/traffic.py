"""What passes between the mail functions and in-process moto: each HTTP request noted, answered where a test asks."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

if TYPE_CHECKING:
    import pytest
    from botocore.awsrequest import AWSPreparedRequest

TO_MOTO = None
READS = ("BatchGetItem", "GetItem", "Query", "Scan")
XML = (
    "<ErrorResponse><Error><Code>{code}</Code><Message>refused by the test</Message></Error></ErrorResponse>",
    "<Error><Code>{code}</Code><Message>refused by the test</Message></Error>",
)


def http_response(url: str, status: int, body: str) -> AWSResponse:
    raw: Any = MockRawResponse(body)
    return AWSResponse(url, status, HTTPHeaders(), raw)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as the service answers it."""

    code: str
    status: int = 400

    def response(self, service: str, url: str) -> AWSResponse:
        if service == "dynamodb":
            kind = f"com.amazonaws.dynamodb.v20120810#{self.code}"
            body = json.dumps({"__type": kind, "message": "refused by the test"})
        else:
            body = XML[service == "s3"].format(code=self.code)
        return http_response(url, self.status, body)


Answer = Refusal | Exception | dict[str, Any] | None


@dataclass
class Traffic:
    """Stands before moto for every client. `requests` are like `dynamodb.PutItem`, retries included."""

    requests: list[str] = field(default_factory=list)
    bodies: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._last: dict[str, Answer] = {}

    @classmethod
    def watch(cls, patch: pytest.MonkeyPatch) -> Traffic:
        """Watch until the patch is undone."""
        made = cls()
        to_moto = BotocoreStubber.__call__

        def call(stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **more: Any) -> Any:
            name = event_name.removeprefix("before-send.")
            made.bodies[name].append(request.body)
            answered = made.answered(name, str(request.url))
            return answered if answered is not None else to_moto(stubber, event_name, request, **more)

        patch.setattr(BotocoreStubber, "__call__", call)
        return made

    def answer(self, request: str, *answers: Answer) -> None:
        """The answers to the next requests of this name, in order; TO_MOTO lets one through."""
        self._answers[request] += answers

    def answer_always(self, request: str, answer: Answer) -> None:
        """The answer to every further request of this name; TO_MOTO lets them through again."""
        self._last[request] = answer

    def answered(self, name: str, url: str) -> AWSResponse | None:
        """Note a request, and what the test answers to it. Raises what the test wants raised."""
        self.requests.append(name)
        waiting = self._answers[name]
        answer = waiting.pop(0) if waiting else self._last.get(name, TO_MOTO)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Refusal):
            return answer.response(name.partition(".")[0], url)
        if answer is None:
            return None
        return http_response(url, 200, json.dumps(answer))

    def forget(self) -> None:
        """Count from here."""
        self.requests.clear()
        self.bodies.clear()

    def arguments(self, operation: str) -> list[dict[str, Any]]:
        """What the requests of one operation of the table held."""
        return [json.loads(body) for body in self.bodies[f"dynamodb.{operation}"]]

    def of(self, service: str) -> list[str]:
        """The operations of one service, in order."""
        return [name.partition(".")[2] for name in self.requests if name.startswith(f"{service}.")]

    @property
    def reads_and_writes(self) -> tuple[int, int]:
        """How many requests the table got."""
        operations = self.of("dynamodb")
        reads = sum(operation in READS for operation in operations)
        return reads, len(operations) - reads
