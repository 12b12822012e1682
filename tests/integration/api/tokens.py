"""Tokens on a running stack: one of each scope, one that has expired, one that was revoked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest import mock

from mailhandlers.local.environment import apply_environment
from tests.integration.api.replay import send

if TYPE_CHECKING:
    from tests.integration.local_stack import LocalStack

OPERATOR = "admin"  # whom the first start makes


@dataclass(frozen=True, slots=True)
class Tokens:
    """The texts."""

    read: str
    create: str
    write: str
    admin: str
    expired: str
    revoked: str

    def of(self, scope: str) -> str:
        text: str = getattr(self, scope)
        return text

    def bearer(self, scope: str) -> dict[str, str]:
        """The headers of a request that sends JSON with this token."""
        return {"Authorization": f"Bearer {self.of(scope)}", "Content-Type": "application/json"}

    @property
    def good_secrets(self) -> list[str]:
        """The letters of those that work, without what stands before them."""
        return [text.rpartition("_")[2] for text in (self.read, self.create, self.write, self.admin)]

    @property
    def secrets(self) -> list[str]:
        """The letters of all: these must be nowhere."""
        return [*self.good_secrets, *(text.rpartition("_")[2] for text in (self.expired, self.revoked))]


def made_tokens(stack: LocalStack) -> Tokens:
    """Made in this process, in the stack's table. The database must be unblocked."""
    from django.utils import timezone

    from aliases.api.callers import Scope
    from tacomail_site.accounts.tokens import make_token, revoke_token
    from tacomail_site.models import ApiToken, Operator

    with mock.patch.dict(os.environ):
        apply_environment(stack.variables)
        operator = Operator.objects.get(pk=OPERATOR)
        texts = {scope.value: make_token(operator, f"may {scope}", [scope]).text for scope in Scope}
        expired = make_token(operator, "expired", [Scope.ADMIN], expires=timezone.now() + timedelta(days=1))
        ApiToken.objects.filter(pk=expired.token.pk).update(expires_datetime=timezone.now() - timedelta(minutes=1))
        revoked = make_token(operator, "revoked", [Scope.ADMIN])
        revoke_token(revoked.token)
    made = Tokens(**texts, expired=expired.text, revoked=revoked.text)
    for scope in Scope:  # wrong tokens of other tests make the network wait, but not those that were right before
        send(stack.site, "GET", "/alias", made.bearer(scope))
    return made
