"""The first operator of a new installation."""

from __future__ import annotations

from tacomail_site.accounts.randomtext import random_text
from tacomail_site.accounts.services import create_operator
from tacomail_site.models import Operator, Role

BY = "first start"  # who made it, as the history shows


def new_password() -> str:
    """A password that is easy to read and to type, and hard to guess."""
    return random_text()


def ensure_operator(username: str, password: str) -> bool:
    """Make an owner where there is no operator at all; False where there is one already.

    Raises InvalidOperator, WeakPassword. Cost: 1 call, 3 when it makes one.
    """
    if Operator.objects.exists():
        return False
    create_operator(username, password, role=Role.OWNER, by=BY)
    return True
