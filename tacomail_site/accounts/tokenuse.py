"""What each call with a token costs and checks: one write that finds and counts it, one read of what it rests on.

The write succeeds only where the token is: a revoked one is refused by every instance at once. It counts the calls of
the current minute, of which `settings.API_CALLS_PER_MINUTE` are allowed.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from pynamodb.expressions.operand import Path

from aliases.api.callers import Caller, Kind, Scope, included
from aliases.api.exceptions import TooManyRequests, Unauthenticated
from aliases.backend.documents import DATA, partition_of
from aliases.records.attributes import plain_value
from aliases.records.exceptions import ConditionFailed, TableUnavailable
from aliases.records.keys import SORT_KEY, Key
from aliases.services.choices import CHOICES_KEYS, choices_among
from aliases.services.stores import site_table
from tacomail_site.accounts.tokens import digest_of
from tacomail_site.models import ApiToken, Operator, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

MINUTE = 60  # seconds

ROLE_SCOPES = {
    Role.OWNER: frozenset(Scope),
    Role.EDITOR: frozenset(Scope),
    Role.VIEWER: frozenset({Scope.READ}),
}

# In which minute this process last saw a token used, by its digest: which of the two writes will succeed. Wrong at
# worst, and then the other one is tried.
_last_minutes: dict[str, int] = {}
MOST_REMEMBERED = 1_000


def is_proven(text: str) -> bool:
    """Whether this process has seen the token work before. No request."""
    return digest_of(text) in _last_minutes


def token_caller(text: str, network: str) -> Caller:
    """Whose token this is. Raises Unauthenticated, TooManyRequests, TableError.

    Cost: 2 calls, one a write; 1 more where another process counted first in this minute, or where there is none.
    """
    digest = digest_of(text)
    kept = None if digest is None else _counted(digest, network)
    if digest is None or kept is None:
        raise Unauthenticated(_("There is no such token: it is mistyped, or was revoked."))
    if _has_expired(kept):
        raise Unauthenticated(_("The token has expired. Make a new one in the settings."))
    limit: int = settings.API_CALLS_PER_MINUTE
    if limit and kept.get("calls", 0) > limit:
        raise TooManyRequests(
            _("More than %(limit)d calls in one minute: wait until the next one.") % {"limit": limit},
            MINUTE - int(time.time()) % MINUTE,
        )
    return _caller(kept)


def _counted(digest: str, network: str) -> dict[str, Any] | None:
    """What is kept of the token, this call counted; None where there is no such token."""
    now = datetime.now(UTC)
    minute = int(now.timestamp()) // MINUTE
    for condition, calls in _either_way(minute, first=_last_minutes.get(digest) != minute):
        actions: list[Action] = [
            calls,
            _column("minute").set(_number(minute)),
            _column("last_used_datetime").set({"S": now.isoformat(timespec="seconds")}),
            _column("last_network").set({"S": network}),
        ]
        try:
            item = site_table().update(Key(partition_of(ApiToken._meta.db_table), digest), actions, condition)
        except ConditionFailed:
            continue
        if len(_last_minutes) >= MOST_REMEMBERED:
            _last_minutes.clear()
        _last_minutes[digest] = minute
        kept: dict[str, Any] = plain_value(item[DATA])
        return kept
    _last_minutes.pop(digest, None)
    return None


def _either_way(minute: int, *, first: bool) -> Iterator[tuple[Condition, Action]]:
    """The conditions and actions for the first call of a minute, and for one more; the likelier of them first.

    Of a token that is there, exactly one of the conditions holds.
    """
    there = Path([SORT_KEY]).exists()
    calls, kept = _column("calls"), _column("minute")
    begun = there & (kept < _number(minute)), calls.set(_number(1))
    again = there & (kept >= _number(minute)), calls.set(calls + _number(1))
    yield from (begun, again) if first else (again, begun)


def _has_expired(kept: dict[str, Any]) -> bool:
    expires = kept.get("expires_datetime")
    return isinstance(expires, str) and datetime.fromisoformat(expires) <= datetime.now(UTC)


def _caller(kept: dict[str, Any]) -> Caller:
    """Raises Unauthenticated where the operator is gone or may not sign in."""
    key = Key(partition_of(Operator._meta.db_table), kept["operator_id"])
    found, unread = site_table().batch_get((key, *CHOICES_KEYS))
    if key in unread:
        raise TableUnavailable(_("The table gave no answer about the operator of this token; try again."))
    operator = plain_value(found[key][DATA]) if key in found else {}
    if not operator.get("is_active"):
        raise Unauthenticated(_("The operator of this token may not sign in any more."))
    granted = included(Scope(scope) for scope in kept["scopes"].split())
    return Caller(
        kept["operator_id"],
        Kind.TOKEN,
        granted & ROLE_SCOPES[Role(operator["role"])],
        token=kept["name"],
        domain=kept.get("domain", ""),
        destination=kept.get("destination", ""),
        known=choices_among(found, unread),
    )


def _column(name: str) -> Any:
    return Path([DATA, name])


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
