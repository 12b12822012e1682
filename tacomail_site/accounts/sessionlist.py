"""The sessions of one operator: which there are, and ending one of them.

A session's key is as good as a password for as long as it lasts. No page holds one: `mark` stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from aliases.records.exceptions import NotFound
from aliases.records.history import Action, HistoryEntry
from aliases.services.histories import write_down
from tacomail_site.accounts.browsers import Browser
from tacomail_site.accounts.services import OPERATOR
from tacomail_site.accounts.sessions import SIGNED_IN, known_step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tacomail_site.models import Operator

MARK_LETTERS = 32


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is signed in. `since` and `network` are empty where it began before they were written down."""

    mark: str
    is_this: bool
    since: datetime | None
    browser: Browser
    network: str
    ends: datetime


def mark_of(session_key: str) -> str:
    """Stands for the key; nobody gets from it to the key."""
    return salted_hmac("tacomail.session", session_key, algorithm="sha256").hexdigest()[:MARK_LETTERS]


def sessions_of(operator: Operator, this_key: str | None = None) -> list[OpenSession]:
    """Those in which this operator is signed in, `this_key`'s first, then the newest first.

    Sessions are kept by their keys alone, so those of all operators are read: 1 call for each megabyte, which is about
    a thousand of them, those included that ended and that DynamoDB has not removed yet.
    """
    found = [_described(session, data, this_key) for session, data in _signed_in(operator)]
    return sorted(found, key=lambda one: (not one.is_this, -one.since.timestamp() if one.since else 0.0))


def end_session(operator: Operator, mark: str, *, by: str) -> OpenSession:
    """End the session with this mark; gives what it was. Raises NotFound, also where it ended meanwhile.

    A request that is on its way in it cannot bring it back: it is written only where it still is. Cost: as
    `sessions_of`, and 3 calls.
    """
    for session, data in _signed_in(operator):
        if constant_time_compare(mark_of(session.session_key), mark):
            ended = _described(session, data, None)
            Session.objects.filter(pk=session.session_key).delete()
            changes = {"session": [f"{ended.browser}, {ended.network}", ""]}
            write_down(HistoryEntry(OPERATOR, operator.username, operator.username, Action.CHANGED, by, changes))
            return ended
    raise NotFound(_("This session is over already."))


def _signed_in(operator: Operator) -> Iterator[tuple[Session, dict[str, Any]]]:
    """As the sign-in of Django and the middleware judge them."""
    hashes = [operator.get_session_auth_hash(), *operator.get_session_auth_fallback_hash()]
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        data = session.get_decoded()
        if data.get(SESSION_KEY) != operator.pk or known_step(data) is None:
            continue
        if any(constant_time_compare(str(data.get(HASH_SESSION_KEY, "")), known) for known in hashes):
            yield session, data


def _described(session: Session, data: dict[str, Any], this_key: str | None) -> OpenSession:
    noted = data.get(SIGNED_IN, {})
    return OpenSession(
        mark_of(session.session_key),
        session.session_key == this_key,
        datetime.fromtimestamp(noted["time"], UTC) if "time" in noted else None,
        Browser(noted.get("browser", ""), noted.get("system", "")),
        noted.get("network", ""),
        session.expire_date,
    )
