"""What each call with a token costs and checks: one write that finds and counts it, one read of what it rests on.

The write succeeds only where the token is: a revoked one is refused by every instance at once, and so is one whose
operator is gone or may not sign in. It counts the calls of the current minute, of which `settings.API_CALLS_PER_MINUTE`
are allowed. A role that was changed counts from the next call on.

A token stays good when its operator changes the password or signs out everywhere: programs have no part in either.
Whoever lost a token revokes it. Whether two-step sign-in is required of the operator does not matter here: it was
asked for where the token was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from pynamodb.constants import NUMBER
from pynamodb.expressions.operand import Path

from aliases.api.callers import Caller, Kind, Scope, included
from aliases.api.exceptions import TooManyRequests, Unauthenticated
from aliases.backend.documents import DATA, partition_of
from aliases.records.attributes import plain_value
from aliases.records.exceptions import ConditionFailed, TableUnavailable
from aliases.records.keys import SORT_KEY, Key
from aliases.services.choices import CHOICES_KEYS, choices_among
from aliases.services.stores import site_table
from tacomail_site.accounts import throttling
from tacomail_site.accounts.recent import Recent
from tacomail_site.accounts.tokens import digest_of
from tacomail_site.models import ApiToken, Operator, Role, is_username

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

MINUTE = 60  # seconds
MOST_CALLS = 10**9  # in a minute; a number beyond it is no count

ROLE_SCOPES: dict[str, frozenset[Scope]] = {
    Role.OWNER: frozenset(Scope),
    Role.EDITOR: frozenset(Scope),
    Role.VIEWER: frozenset({Scope.READ}),
}

# In which minute this process last saw a token at work, by its digest: which of the two writes will succeed. Wrong at
# worst, and then the other one is tried. Only tokens that were good are in it.
last_minutes: Recent[int] = Recent()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a token, every part of it understood."""

    operator: str
    name: str
    scopes: frozenset[Scope]
    domain: str
    destination: str
    created: datetime
    expires: datetime | None
    calls: float

    @classmethod
    def read(cls, data: dict[str, Any]) -> _Kept:
        """Raises ValueError where a part is not what it should be: half a token is none."""
        created = _moment(data, "created_datetime")
        operator = _text(data, "operator_id")
        if created is None or not is_username(operator):
            raise ValueError
        return cls(
            operator,
            _text(data, "name"),
            included(Scope(scope) for scope in _text(data, "scopes").split()),
            _text(data, "domain", ""),
            _text(data, "destination", ""),
            created,
            _moment(data, "expires_datetime"),
            data["calls"],  # a number, as the write has just made sure
        )


def _text(data: dict[str, Any], name: str, default: str | None = None) -> str:
    value = data.get(name, default)
    if not isinstance(value, str):
        raise ValueError(name)
    return value


def _moment(data: dict[str, Any], name: str) -> datetime | None:
    if data.get(name) is None:
        return None
    moment = datetime.fromisoformat(_text(data, name))
    if moment.tzinfo is None:
        raise ValueError(name)
    return moment


@sensitive_variables()
def is_proven(text: str) -> bool:
    """Whether this process has seen the token work before. No request."""
    digest = digest_of(text)
    return digest is not None and last_minutes.get(digest) is not None


@sensitive_variables()
def token_caller(text: str, network: str) -> Caller:
    """Whose token this is. Raises Unauthenticated, TooManyRequests, TableError.

    Cost: 2 calls, one a write; 1 more where another process counted first in this minute. Where there is no such
    token: 2 calls, none for text that cannot be one.
    """
    digest = digest_of(text)
    if digest is None:
        raise Unauthenticated(_("There is no such token: it is mistyped, or was revoked."))
    try:
        return _caller(_allowed(_counted(digest, network)))
    except Unauthenticated:
        last_minutes.forget(digest)
        raise


def _allowed(data: dict[str, Any] | None) -> _Kept:
    """A token that is there, has not expired, and has calls left in this minute."""
    if data is None:
        raise Unauthenticated(_("There is no such token: it is mistyped, or was revoked."))
    try:
        kept = _Kept.read(data)
    except ValueError:
        raise Unauthenticated(_("What is kept of this token is not understood. Make a new one.")) from None
    now = throttling.current_time()
    if kept.expires is not None and kept.expires.timestamp() <= now:
        raise Unauthenticated(_("The token has expired. Make a new one in the settings."))
    limit: int = settings.API_CALLS_PER_MINUTE
    if limit and kept.calls > limit:
        raise TooManyRequests(
            _("More than %(limit)d calls in one minute: wait until the next one.") % {"limit": limit},
            MINUTE - int(now) % MINUTE,
        )
    return kept


@sensitive_variables()
def _counted(digest: str, network: str) -> dict[str, Any] | None:
    """What is kept of the token, this call counted; None where there is no such token."""
    now = throttling.current_time()
    minute = int(now) // MINUTE
    used = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    for condition, counting in _either_way(minute, first=last_minutes.get(digest) != minute):
        actions = [
            *counting,
            _column("last_used_datetime").set({"S": used}),
            _column("last_network").set({"S": network}),
        ]
        try:
            item = site_table().update(Key(partition_of(ApiToken._meta.db_table), digest), actions, condition)
        except ConditionFailed:
            continue
        last_minutes.note(digest, minute)
        data: dict[str, Any] = plain_value(item[DATA])
        return data
    return None


def _either_way(minute: int, *, first: bool) -> Iterator[tuple[Condition, list[Action]]]:
    """The conditions and actions for the first call of a minute, and for one more; the likelier of them first.

    Of a token that is there, exactly one of the conditions holds. The clock of another instance may be in the next
    minute already: that one is counted on. A minute further ahead is none.
    """
    calls, kept = _column("calls"), _column("minute")
    there = Path([SORT_KEY]).exists() & kept.is_type(NUMBER)
    begun = there & ((kept < _number(minute)) | (kept > _number(minute + 1)))
    again = there & kept.between(_number(minute), _number(minute + 1))
    again &= calls.is_type(NUMBER) & calls.between(_number(0), _number(MOST_CALLS))
    ways = [
        (begun, [kept.set(_number(minute)), calls.set(_number(1))]),
        (again, [calls.set(calls + _number(1))]),
    ]
    yield from ways if first else reversed(ways)


def _caller(kept: _Kept) -> Caller:
    """Raises Unauthenticated where the operator is gone or may not sign in."""
    key = Key(partition_of(Operator._meta.db_table), kept.operator)
    found, unread = site_table().batch_get((key, *CHOICES_KEYS))
    if key in unread:
        raise TableUnavailable(_("The table gave no answer about the operator of this token; try again."))
    role = _role(plain_value(found[key].get(DATA, {"NULL": True})), kept) if key in found else None
    if role is None:
        raise Unauthenticated(_("The operator of this token may not sign in any more."))
    return Caller(
        kept.operator,
        Kind.TOKEN,
        kept.scopes & ROLE_SCOPES[role],
        token=kept.name,
        created=kept.created,
        expires=kept.expires,
        domain=kept.domain,
        destination=kept.destination,
        known=choices_among(found, unread),
    )


def _role(operator: Any, kept: _Kept) -> Role | None:
    """None for somebody who may not sign in, and for a later operator of the same name: the token is not theirs."""
    if not isinstance(operator, dict) or operator.get("is_active") is not True:
        return None
    try:
        made = _moment(operator, "created_datetime")
        role = Role(_text(operator, "role"))
    except ValueError:
        return None
    return role if made is not None and made <= kept.created else None


def _column(name: str) -> Any:
    return Path([DATA, name])


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
