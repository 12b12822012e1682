"""The errors of the services, as an operator reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliases.records.exceptions import Conflict, NotFound, RecordError, TableError, TableUnavailable
from aliases.records.translatable import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.records.translatable import TranslatableError

# What a page catches: the errors of the services, and those that Django's own queries turn them into.
REFUSALS = (RecordError, DatabaseError)


def refusal_of(error: BaseException) -> RecordError | None:
    """The record error that this one is, or that caused it; None where it is something else."""
    return next((cause for cause in _causes(error) if isinstance(cause, RecordError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def sentence(error: TranslatableError) -> str:
    """What went wrong, and what to do about it."""
    told = message(error)
    match error:
        case TableUnavailable():
            return _(
                "The table gave no answer, so this may not be saved. Nothing that you typed is lost: save it again."
            )
        case Conflict() if error.code == Conflict.code:
            return _("%(what)s Nothing was saved: look at it again, then save again.") % {"what": told}
        case NotFound() if error.code == NotFound.code:
            return _("%(what)s It was renamed or deleted at the same moment.") % {"what": told}
        case TableError():
            return _("The table refused it, and nothing was saved: %(why)s") % {"why": told}
        case _:
            return told


def message(error: TranslatableError) -> str:
    """What went wrong, in the reader's language."""
    return translated(error.text)


def translated(text: Text) -> str:
    """A sentence of the records in the reader's language, with those among its values that are sentences, too."""
    if not text.template:
        return ""  # gettext would answer with the head of the catalogue
    template = ngettext(text.template, text.plural, text.count) if text.plural else _(text.template)
    values = {name: translated(v) if isinstance(v, Text) else v for name, v in text.values.items()}
    return replace(text, values=values).filled(template)
