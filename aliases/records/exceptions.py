"""What can go wrong with records.

RecordError
├── ConfigurationError      an environment variable is missing or not understood
├── InvalidAddress          text that is no usable address, domain or destination
├── NotFound                no such alias, domain, destination or message
├── AlreadyExists           an alias, domain or destination of that name is there
├── Conflict                the item changed between reading and writing it
├── InUse                   something still depends on it
└── TableError              DynamoDB did not do what was asked
    ├── ConditionFailed     a write's condition did not hold
    ├── TransactionCancelled  conditions of a transaction did not hold
    ├── TableUnavailable    throttled, slow, out of reach: the same call may succeed later
    └── TableRefused        denied, absent, malformed: it will not, until somebody mends it
        └── TransactionInvalid  writes of a transaction cannot be carried out
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.translatable import TranslatableError

if TYPE_CHECKING:
    from aliases.records.translatable import Text


class RecordError(TranslatableError):
    """Base of all errors of this package.

    `code` is a stable word for programs, `str(error)` a sentence for people, `text` the same for translation, `field`
    the input it is about (or None), and `__cause__` the error below it where there is one.
    """

    code = "record_error"

    def __init__(self, message: str | Text, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        if code is not None:
            self.code = code


class ConfigurationError(RecordError):
    """An environment variable is missing or has a value that is not understood."""

    code = "configuration"


class InvalidAddress(RecordError):
    """Text that cannot be used as an address, a domain, a destination or a description; the message says why."""

    code = "invalid_address"


class NotFound(RecordError):
    """No such alias, domain, destination or message."""

    code = "not_found"


class AlreadyExists(RecordError):
    """An alias, domain or destination of that name is already there."""

    code = "already_exists"


class Conflict(RecordError):
    """The item changed between reading and writing it; read it again and repeat."""

    code = "conflict"


class InUse(RecordError):
    """It cannot be removed while something depends on it."""

    code = "in_use"


class TableError(RecordError):
    """DynamoDB did not do what was asked. `code` is DynamoDB's own error code where it gave one."""

    code = "table"


class TableUnavailable(TableError):
    """Throttled, too slow or out of reach: the same call may succeed later."""


class TableRefused(TableError):
    """Denied, absent or malformed: the call will fail again until somebody mends the cause."""


class ConditionFailed(TableError):
    """A write's condition did not hold; nothing was written."""

    code = "condition_failed"


class TransactionCancelled(TableError):
    """A transaction wrote nothing. `failed` holds the positions of the writes whose condition did not hold."""

    code = "transaction_cancelled"

    def __init__(self, message: str | Text, failed: tuple[int, ...]) -> None:
        super().__init__(message)
        self.failed = failed


class TransactionInvalid(TableRefused):
    """A transaction wrote nothing, since writes cannot be carried out, such as adding to what is no number.

    `invalid` holds their positions.
    """

    code = "TransactionCanceled"  # as DynamoDB calls it

    def __init__(self, message: str | Text, invalid: tuple[int, ...]) -> None:
        super().__init__(message)
        self.invalid = invalid
