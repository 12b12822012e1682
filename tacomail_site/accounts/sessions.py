"""What a session says about how its operator signed in.

- `second_step` is the mark: this session passed the second step, or there was none to pass. Without it nobody is
  signed in, whatever else the session holds (`middleware.py`). Django binds the session to the operator's password and
  session salt; setting two-step sign-in up or taking it away changes the salt, so an old mark never outlives it.
- `password_time` is when the password was typed last.
- `signed_in` is when, with what browser and from where, for the list of sessions.
- `pending_sign_in` is a right password that waits for the second step; nobody is signed in meanwhile.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib import auth
from django.utils.crypto import constant_time_compare

from tacomail_site.accounts.browsers import browser_of
from tacomail_site.accounts.clients import client_network
from tacomail_site.accounts.twostep import confirmed_device
from tacomail_site.models import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django_otp.models import Device

SECOND_STEP = "second_step"
PASSWORD_TIME = "password_time"  # noqa: S105  a key of the session
SIGNED_IN = "signed_in"
PENDING = "pending_sign_in"
PENDING_SECONDS = 600
RECENT_SECONDS = 600  # how long the password counts as just typed
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SecondStep(StrEnum):
    PASSED = "passed"  # with a code of the authenticator, or a recovery code
    NOT_SET_UP = "not set up"  # the operator had no authenticator


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in between its two steps. `auth_hash` ends it when the password changes in between."""

    username: str
    auth_hash: str
    time: float
    stay: bool
    next_url: str


def begin_second_step(request: HttpRequest, operator: Operator, *, stay: bool, next_url: str) -> None:
    """Remember that the password was right, in a session of a new key. Cost: 2 calls, 3 more where there was one.

    The session is saved once more at the end of the request: 2 calls.
    """
    request.session.flush()
    request.session.create()
    pending = PendingSignIn(operator.username, operator.get_session_auth_hash(), time.time(), stay, next_url)
    request.session[PENDING] = asdict(pending)
    request.session.set_expiry(PENDING_SECONDS)


def pending_sign_in(request: HttpRequest) -> tuple[PendingSignIn, Operator] | None:
    """The sign-in that waits for its second step; None where there is none, or none any more. Cost: 1 call."""
    kept = request.session.get(PENDING)
    if kept is None:
        return None
    pending = PendingSignIn(**kept)
    operator = Operator.objects.filter(pk=pending.username, is_active=True).first()
    if operator is None or not 0 <= time.time() - pending.time < PENDING_SECONDS:
        return None
    same = constant_time_compare(pending.auth_hash, operator.get_session_auth_hash())
    return (pending, operator) if same else None


def sign_in(request: HttpRequest, operator: Operator, device: Device | None, *, stay: bool) -> None:
    """Sign in after every step was passed, in a new session under a new key.

    `stay`: for as long as settings.SESSION_COOKIE_AGE says, else until the browser is closed. Cost: 6 calls (a new
    session, saved at the end of the request again; the time of the sign-in), 3 more where there was a session.
    """
    operator.otp_device = device
    request.session.flush()
    auth.login(request, operator, backend=BACKEND)
    request.session.set_expiry(None if stay else 0)


def mark(sender: Any, request: HttpRequest, user: Operator, **_: Any) -> None:
    """On every sign-in, also one that did not come over our pages: those pass only where there is no second step."""
    session = request.session
    device = user.otp_device if hasattr(user, "otp_device") else None
    session.pop(SECOND_STEP, None)
    if device is not None:
        session[SECOND_STEP] = SecondStep.PASSED
    elif hasattr(user, "otp_device") or confirmed_device(user) is None:
        session[SECOND_STEP] = SecondStep.NOT_SET_UP
    session[PASSWORD_TIME] = time.time()
    browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
    session[SIGNED_IN] = {
        "time": session[PASSWORD_TIME],
        "browser": browser.name,
        "system": browser.system,
        "network": client_network(request),
    }


def second_step(request: HttpRequest) -> SecondStep | None:
    """The mark; None where there is none that we made."""
    return known_step(request.session)


def known_step(session: Mapping[str, Any]) -> SecondStep | None:
    """The mark of a session, or of what was read from one."""
    kept = session.get(SECOND_STEP)
    return next((step for step in SecondStep if step == kept), None)


def passed_second_step(request: HttpRequest) -> bool:
    """Whether whoever is signed in has an authenticator, and came in with it."""
    return second_step(request) is SecondStep.PASSED


def keep_this_session(request: HttpRequest, operator: Operator, step: SecondStep | None = None) -> None:
    """Every session of the operator just ended: let this one go on, under a new key. `step` is its mark from now on.

    Cost: 5 calls, and 2 at the end of the request.
    """
    auth.update_session_auth_hash(request, operator)
    if step is not None:
        request.session[SECOND_STEP] = step


def password_is_recent(request: HttpRequest) -> bool:
    """Whether the password was typed within the last ten minutes."""
    typed: float = request.session.get(PASSWORD_TIME, 0.0)
    return 0 <= time.time() - typed < RECENT_SECONDS


def note_password(request: HttpRequest) -> None:
    """The password was typed just now."""
    request.session[PASSWORD_TIME] = time.time()
