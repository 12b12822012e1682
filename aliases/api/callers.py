"""Who calls the API, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from aliases.services.choices import Choices, read_choices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Scope(StrEnum):
    """What a token is good for. A wider one includes the narrower ones, as INCLUDED says."""

    READ = "read"  # see aliases, domains, destinations, activity and held mail
    CREATE = "create"  # make aliases, and nothing else
    WRITE = "write"  # change and delete aliases, and act on held mail
    ADMIN = "admin"  # domains and destinations, too


INCLUDED: dict[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.CREATE: frozenset({Scope.CREATE}),
    Scope.WRITE: frozenset({Scope.READ, Scope.CREATE, Scope.WRITE}),
    Scope.ADMIN: frozenset(Scope),
}
EVERYTHING = frozenset(Scope)


def included(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """These scopes with all that they include."""
    return frozenset(narrower for scope in scopes for narrower in INCLUDED[scope])


class Kind(StrEnum):
    """How a caller proved who they are."""

    TOKEN = "token"  # noqa: S105  no secret: the name of a kind
    IAM = "iam"  # AWS checked the signature of the request
    SESSION = "session"  # signed in on the site, in this browser


@dataclass(frozen=True, slots=True)
class Caller:
    """`name` is what the history says of what they do: an operator's user name, or an ARN.

    `domain` and `destination` are where new aliases go that name none themselves; empty where nobody chose any.
    `known` are domains and destinations, where finding the caller has read them already.
    """

    name: str
    kind: Kind
    scopes: frozenset[Scope]
    token: str = ""  # the name that its owner gave it
    created: datetime | None = None  # the token
    expires: datetime | None = None
    domain: str = ""
    destination: str = ""
    known: Choices | None = field(default=None, repr=False)

    def choices(self) -> Choices:
        """Served domains and registered destinations. Cost: none for a token; else 1 call."""
        return read_choices() if self.known is None else self.known
