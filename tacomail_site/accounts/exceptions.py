"""What can go wrong with operators.

RecordError
├── InvalidOperator     a user name or role that no operator can have
├── WeakPassword        the password validators refuse it
├── TooManyAttempts     sign-in waits after wrong attempts
└── InUse
    └── LastOwner       there would be no active owner left
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.exceptions import InUse, RecordError
from tacomail_site.accounts.waiting import shown_wait

if TYPE_CHECKING:
    from collections.abc import Sequence


class InvalidOperator(RecordError):
    """Text that cannot be a user name, or is no role; the message says why."""

    code = "invalid_operator"


class WeakPassword(RecordError):
    """The password validators refuse it; `reasons` holds one sentence for each."""

    code = "weak_password"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons), field="password")
        self.reasons = tuple(reasons)


class LastOwner(InUse):
    """Without this operator nobody could let others in."""

    code = "last_owner"


class TooManyAttempts(RecordError):
    """Sign-in waits; the message says for how long, `seconds` too."""

    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(shown_wait(seconds))
        self.seconds = seconds
