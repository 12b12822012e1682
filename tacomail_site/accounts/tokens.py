"""API tokens: make, find, revoke. `tokenuse.py` is what happens when one is used."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from aliases.api.callers import Scope
from aliases.records.exceptions import InvalidAddress, NotFound
from aliases.records.history import Action, HistoryEntry
from aliases.services.histories import write_down
from tacomail_site.accounts.services import OPERATOR
from tacomail_site.models import ApiToken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from tacomail_site.models import Operator

LETTERS = string.ascii_letters + string.digits
LENGTH = 40
PREFIX = "taco_"
# Some clients of addy.io take no token that does not look like one of theirs; the bare letters pass everywhere.
TOKEN = re.compile(rf"(?:{PREFIX}|addy_io_)?([A-Za-z0-9]{{{LENGTH}}})")
NAME_LETTERS = 100
ID_LETTERS = 8
FEWEST_LETTERS = 4  # of an ID


class MadeToken(NamedTuple):
    """`text` is the token itself: it is shown once and kept nowhere."""

    token: ApiToken
    text: str


@sensitive_variables()
def digest_of(text: str) -> str | None:
    """Under which a token is kept; None for text that cannot be one."""
    found = TOKEN.fullmatch(text)
    return _digest(found.group(1)) if found else None


@sensitive_variables()
def _digest(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()


@sensitive_variables("letters")
def make_token(
    operator: Operator,
    name: str,
    scopes: Collection[Scope],
    *,
    expires: datetime | None = None,
    domain: str = "",
    destination: str = "",
    by: str = "",
) -> MadeToken:
    """A new token of this operator. `domain` and `destination` are for aliases whose maker names none.

    The history of the operator tells of it; `by` is who makes it, the operator by default.
    Raises InvalidAddress with the field that is wrong. Cost: 2 calls.
    """
    _check(name, scopes, expires)
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    token = ApiToken.objects.create(
        digest=_digest(letters),
        operator=operator,
        name=name.strip(),
        scopes=" ".join(scope for scope in Scope if scope in scopes),
        expires_datetime=expires,
        domain=domain,
        destination=destination,
        ending=letters[-4:],
    )
    _write_down(token, by, ["", token.name])
    return MadeToken(token, f"{PREFIX}{letters}")


def _check(name: str, scopes: Collection[Scope], expires: datetime | None) -> None:
    if not name.strip():
        raise InvalidAddress(_("Give the token a name, so that you know it when you want to revoke it."), field="name")
    if len(name.strip()) > NAME_LETTERS or not name.isprintable():
        raise InvalidAddress(_("The name may have 100 letters, and no line breaks."), field="name")
    if not scopes:
        raise InvalidAddress(_("Choose what the token may do."), field="scopes")
    if expires is not None and expires <= timezone.now():
        raise InvalidAddress(_("The token would have expired already: choose a later moment."), field="expires")


def tokens_of(operator: Operator | None) -> list[ApiToken]:
    """Those of this operator, or of everybody; the newest first, expired ones too. Cost: 1 call."""
    every = ApiToken.objects.all() if operator is None else ApiToken.objects.filter(operator=operator)
    return sorted(every, key=lambda token: token.created_datetime, reverse=True)


def id_of(token: ApiToken) -> str:
    """What people call it where the name is not enough: it tells nothing of the token itself."""
    return token.digest[:ID_LETTERS]


def tokens_named(text: str, tokens: Iterable[ApiToken]) -> list[ApiToken]:
    """Those with this name; where there are none, those whose ID begins so. Of four letters at least."""
    listed = list(tokens)
    named = [token for token in listed if token.name == text.strip()]
    if named or len(text) < FEWEST_LETTERS:
        return named
    return [token for token in listed if token.digest.startswith(text.lower())]


def find_token(operator: Operator, digest: str) -> ApiToken:
    """Raises NotFound. Cost: 1 call."""
    token = ApiToken.objects.filter(pk=digest, operator=operator).first()
    if token is None:
        raise NotFound(_("There is no such token: it was revoked already."), field="token")
    return token


def revoke_token(token: ApiToken, by: str = "") -> None:
    """From now on nobody gets in with it. Revoking it again changes nothing. `by` as in `make_token`. Cost: 2 calls."""
    if ApiToken.objects.filter(pk=token.pk).delete()[0]:
        _write_down(token, by, [token.name, ""])


def _write_down(token: ApiToken, by: str, names: list[str]) -> None:
    owner = token.operator_id
    write_down(HistoryEntry(OPERATOR, owner, owner, Action.CHANGED, by or owner, {"api_token": names}))
