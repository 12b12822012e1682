"""The three states of an alias in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from aliases.models import State

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STATE_NAMES: dict[State, _StrPromise] = {
    State.ACTIVE: gettext_lazy("active"),
    State.IGNORED: gettext_lazy("ignored"),
    State.PAUSED: gettext_lazy("paused"),
}
STATE_SENTENCES: dict[State, _StrPromise] = {
    State.ACTIVE: gettext_lazy("Active: mail is accepted and carried to its destinations."),
    State.IGNORED: gettext_lazy("Ignored: mail is taken without a word, and dropped."),
    State.PAUSED: gettext_lazy("Paused: mail is refused, and the sender gets a bounce."),
}
# A tone is how a badge looks: good, warning, bad or quiet. The word says it all, the colour only helps.
STATE_TONES: dict[State, str] = {State.ACTIVE: "good", State.IGNORED: "quiet", State.PAUSED: "warning"}
