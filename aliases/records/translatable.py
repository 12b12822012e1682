"""Sentences for people whose template and values stay apart, so that a page can say them in its reader's language.

Nothing is translated in here, where there is no Django: `aliases/wording/errors.py` does it. The functions have the
names by which xgettext finds the templates.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence; `str()` gives it in English. A template without values is taken as it is, % signs and all.

    `plural` is the template for counts other than one, empty where there is no such thing.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""
    count: int = 0

    def __str__(self) -> str:
        return self.filled(self.plural if self.plural and self.count != 1 else self.template)

    def filled(self, template: str) -> str:
        """This template, such as a translation, with the values in it."""
        return template % self.values if self.values else template

    def given(self, **values: object) -> Text:
        """The same sentence with these values."""
        return replace(self, values={**self.values, **values})


def gettext_noop(template: str, /, **values: object) -> Text:
    """A sentence such as `gettext_noop("There is no alias %(address)s.", address=address)`."""
    return Text(template, values)


def ngettext_noop(template: str, plural: str, count: int, /, **values: object) -> Text:
    """A sentence about a number of things, which both templates may show as `%(count)d`."""
    return Text(template, {"count": count, **values}, plural, count)


class TranslatableError(Exception):
    """An error with a sentence for people: `text`, and the same in English as `message` and `str(error)`."""

    def __init__(self, message: str | Text) -> None:
        self.text = message if isinstance(message, Text) else Text(message)
        self.message = str(self.text)
        super().__init__(self.message)
