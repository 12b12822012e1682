"""The first page of the admin: what there is, what waits, and what was changed last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from aliases.admin.history import history_url
from aliases.admin.visits import choices_for
from aliases.records.messages import MessageStore
from aliases.services.counts import count_aliases
from aliases.services.stores import site_table
from aliases.wording.changes import newest_lines
from aliases.wording.outcomes import in_words
from aliases.wording.states import STATE_NAMES, STATE_TONES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from aliases.services.choices import Choices
    from aliases.services.counts import Counts
    from aliases.wording.changes import Line

NEWEST = 10  # changes shown
MOST_HELD = 500  # held messages that are counted


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many aliases are in one state, and the list of them."""

    name: str | _StrPromise
    tone: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Held:
    """Messages that wait in the bucket: how many, whether there are more, and how many for each reason."""

    count: int
    more: bool
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    states: tuple[StateCount, ...]
    counts: Counts
    known: Choices
    held: Held
    changes: Sequence[Line]


def dashboard(request: HttpRequest) -> Dashboard:
    """Cost: a listing of the aliases, and 3 calls."""
    counts = count_aliases()
    listed = reverse("admin:aliases_alias_changelist")
    states = tuple(
        StateCount(name, STATE_TONES[state], counts.states[state], f"{listed}?{urlencode({'state': state})}")
        for state, name in STATE_NAMES.items()
    )
    return Dashboard(states, counts, choices_for(request), held_messages(), newest_lines(NEWEST, history_url))


def held_messages() -> Held:
    """Cost: 1 call for each megabyte."""
    found = list(islice(MessageStore(site_table()).held(), MOST_HELD + 1))
    reasons = Counter(in_words(message.hold_reason or message.state) for message in found[:MOST_HELD])
    return Held(min(len(found), MOST_HELD), len(found) > MOST_HELD, tuple(reasons.most_common()))
