"""What the activity page is asked for: an outcome, a day to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from aliases.records.message import Outcome
from aliases.ui.forms import Form
from aliases.wording.outcomes import OUTCOME_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

# A message for an alias ends in one of these; the others are what becomes of bounces.
SHOWN = tuple(outcome for outcome in Outcome if outcome not in {Outcome.CLAIMED, Outcome.SENT})


class DayForm(Form):
    """The day that comes first; without one, the newest."""

    day = forms.DateField(
        label=gettext_lazy("From this day back"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],  # what a date field sends, in any language
        error_messages={"invalid": gettext_lazy("Write a day as in 2024-09-03.")},
    )


def outcome_of(text: str) -> Outcome | None:
    """The outcome that the address of the page names; None for all, and for a word that is none."""
    return Outcome(text) if text in SHOWN else None


def outcome_choices() -> Iterator[tuple[str, _StrPromise]]:
    for outcome in SHOWN:
        yield outcome, OUTCOME_NAMES[outcome]
