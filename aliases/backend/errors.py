"""The one place where an error of the records becomes one of Django's, with its cause."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, DataError, IntegrityError, NotSupportedError, OperationalError

from aliases.records.exceptions import (
    AlreadyExists,
    ConditionFailed,
    ConfigurationError,
    Conflict,
    InUse,
    InvalidAddress,
    RecordError,
    TableUnavailable,
    TransactionCancelled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TRANSLATION: tuple[tuple[tuple[type[RecordError], ...], type[Exception]], ...] = (
    ((ConfigurationError,), ImproperlyConfigured),
    ((InvalidAddress,), DataError),
    ((AlreadyExists, InUse, ConditionFailed, TransactionCancelled), IntegrityError),
    ((TableUnavailable, Conflict), OperationalError),  # the same statement may succeed later
    ((RecordError,), DatabaseError),
)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raises Django's error in place of a RecordError, its message kept and the RecordError as its cause."""
    try:
        yield
    except RecordError as error:
        wanted = next(django for ours, django in TRANSLATION if isinstance(error, ours))
        raise wanted(error.message) from error


def not_supported(what: str) -> NotSupportedError:
    """The error for what this backend does not do; `what` names it."""
    return NotSupportedError(f"The DynamoDB backend does not support {what}.")
