"""What there is to say about an operation: what it does, for whom, and what it takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from aliases.api.plain import Action

if TYPE_CHECKING:
    from aliases.api.callers import Scope
    from aliases.api.plain import View

BAD_REQUEST, CONFLICT = HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT
ODD = HTTPStatus.METHOD_NOT_ALLOWED  # what does not exist, or cannot be
CHANGED = HTTPStatus.PRECONDITION_FAILED

# Whatever the operation is, it may be answered with these.
ALWAYS = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` is a template as in OpenAPI. `name` is the operation's identifier in the document.

    `status` is the answer's where all went well, `gives` the schema of each member of its array (empty: no body),
    `takes` the schema of the request's body, `query` the names of its parameters, `refusals` the other statuses.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
    act: View
    description: str = ""
    session: bool = True
    status: HTTPStatus = HTTPStatus.OK
    gives: str = ""
    takes: str = ""
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    refusals: tuple[HTTPStatus, ...] = (ODD,)

    @property
    def subject(self) -> str:
        """`alias`, `domain` or `destination`."""
        return self.path.split("/")[1]

    @property
    def action(self) -> Action:
        return Action(self.scope, self.act, self.session)
