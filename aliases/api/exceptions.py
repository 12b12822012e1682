"""Why a call is refused before anything is done.

ApiRefusal
├── Unauthenticated     nobody knows who is asking
├── NotAllowed          they may not do this
└── TooManyRequests     they ask too often, or failed to prove who they are too often
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class ApiRefusal(Exception):
    """`status` is the answer's, `code` a stable word for programs, `str(error)` a sentence for people."""

    status: ClassVar[HTTPStatus]
    code: ClassVar[str]

    @property
    def headers(self) -> dict[str, str]:
        """What the answer has to say beside its body."""
        return {}


class Unauthenticated(ApiRefusal):
    status = HTTPStatus.UNAUTHORIZED
    code = "unauthenticated"

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110, section 11.6.1."""
        return {"WWW-Authenticate": 'Bearer realm="tacomail"'}


class NotAllowed(ApiRefusal):
    status = HTTPStatus.FORBIDDEN
    code = "not_allowed"


class TooManyRequests(ApiRefusal):
    """`wait` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = max(1, wait)

    @property
    def headers(self) -> dict[str, str]:
        """RFC 6585, section 4."""
        return {"Retry-After": str(self.wait)}
