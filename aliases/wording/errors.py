"""The errors of the services, as an operator reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.utils.translation import gettext as _

from aliases.records.exceptions import Conflict, NotFound, RecordError, TableError, TableUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a page catches: the errors of the services, and those that Django's own queries turn them into.
REFUSALS = (RecordError, DatabaseError)


def refusal_of(error: BaseException) -> RecordError | None:
    """The record error that this one is, or that caused it; None where it is something else."""
    return next((cause for cause in _causes(error) if isinstance(cause, RecordError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def sentence(error: RecordError) -> str:
    """What went wrong, and what to do about it."""
    match error:
        case TableUnavailable():
            return _(
                "The table gave no answer, so this may not be saved. Nothing that you typed is lost: save it again."
            )
        case Conflict() if error.code == Conflict.code:
            return _("%(what)s Nothing was saved: look at it again, then save again.") % {"what": error.message}
        case NotFound() if error.code == NotFound.code:
            return _("%(what)s It was renamed or deleted at the same moment.") % {"what": error.message}
        case TableError():
            return _("The table refused it, and nothing was saved: %(why)s") % {"why": error.message}
        case _:
            return error.message
