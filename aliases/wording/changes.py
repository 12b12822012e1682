"""The history of one object, and the newest changes of all, as people read them.

The admin and the site link to their own pages: each hands in what makes the URL of an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.records.addresses import shown_form
from aliases.records.alias import Alias, destination_entries
from aliases.records.history import Action
from aliases.services import COMMAND_LINE
from aliases.services.histories import KEPT, history_of, recent_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from aliases.records.history import HistoryEntry

    UrlOf = Callable[[HistoryEntry], str]

MOST_ENTRIES = 200  # on a page; an alias with more changes in a year is a script's

ACTIONS: dict[Action, tuple[_StrPromise, str]] = {  # what it says, and the tone of its badge
    Action.CREATED: (gettext_lazy("created"), "good"),
    Action.CHANGED: (gettext_lazy("changed"), "quiet"),
    Action.RENAMED: (gettext_lazy("renamed"), "quiet"),
    Action.PAUSED: (gettext_lazy("switched off"), "warning"),
    Action.RESUMED: (gettext_lazy("switched on"), "good"),
    Action.IGNORED: (gettext_lazy("ignored"), "quiet"),
    Action.DELETED: (gettext_lazy("deleted"), "bad"),
    Action.RESTORED: (gettext_lazy("restored"), "good"),
    Action.IMPORTED: (gettext_lazy("imported"), "good"),
    Action.SIGNED_OUT: (gettext_lazy("signed out everywhere"), "quiet"),
    Action.REDELIVERED: (gettext_lazy("delivered again"), "good"),
    Action.SENT: (gettext_lazy("sent elsewhere"), "good"),
}
ALIAS_ACTIONS: dict[Action, tuple[_StrPromise, str]] = {
    **ACTIONS,
    Action.PAUSED: (gettext_lazy("paused"), "warning"),
    Action.RESUMED: (gettext_lazy("active again"), "good"),
}
LABELS: dict[str, _StrPromise] = {
    "active": gettext_lazy("active"),
    "api_token": gettext_lazy("API token"),
    "active_alias": gettext_lazy("active"),
    "ignore_alias": gettext_lazy("ignored"),
    "aliases": gettext_lazy("aliases"),
    "description": gettext_lazy("description"),
    "destination": gettext_lazy("destination"),
    "destinations": gettext_lazy("destinations"),
    "full_address": gettext_lazy("address"),
    "language": gettext_lazy("language"),
    "name": gettext_lazy("name"),
    "password": gettext_lazy("password"),
    "role": gettext_lazy("role"),
    "session": gettext_lazy("session"),
    "stored_for": gettext_lazy("stored for"),
    "theme": gettext_lazy("theme"),
    "time_zone": gettext_lazy("time zone"),
    "two_step_required": gettext_lazy("two-step sign-in required"),
    "two_step": gettext_lazy("two-step sign-in"),
    "recovery_codes": gettext_lazy("recovery codes"),
}

VALUES: dict[str, dict[str, _StrPromise]] = {  # stored words of some attributes, as people read them
    "password": {"changed": gettext_lazy("changed")},
    "recovery_codes": {"renewed": gettext_lazy("renewed")},
    "role": {"owner": gettext_lazy("owner"), "editor": gettext_lazy("editor"), "viewer": gettext_lazy("viewer")},
}
ACTORS: dict[str, _StrPromise] = {COMMAND_LINE: gettext_lazy("command line")}


@dataclass(frozen=True, slots=True)
class Step:
    """One attribute that changed. Texts as shown; both are empty where only the fact was kept."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the history. `url` is empty where nothing is linked."""

    moment: datetime
    actor: str
    action: str
    tone: str
    name: str
    url: str
    steps: tuple[Step, ...]
    is_deletion: bool


def unlinked(entry: HistoryEntry) -> str:
    return ""


def lines_of(kind: str, object_id: str, url_of: UrlOf = unlinked) -> list[Line]:
    """The newest MOST_ENTRIES changes of one object, and one more where there are more. Cost: 1 call."""
    return [line(entry, url_of) for entry in islice(history_of(kind, object_id), MOST_ENTRIES + 1)]


def newest_lines(count: int, url_of: UrlOf = unlinked) -> list[Line]:
    """The newest changes of all objects. Cost: 1 call."""
    return [line(entry, url_of) for entry in recent_history(count)]


def who_changed(kind: str, object_id: str, attributes: tuple[str, ...]) -> str:
    """Who changed one of these attributes last; empty where the history does not say. Cost: 1 call."""
    entries = islice(history_of(kind, object_id), MOST_ENTRIES)
    return next((entry.actor for entry in entries if any(name in entry.changes for name in attributes)), "")


def line(entry: HistoryEntry, url_of: UrlOf = unlinked) -> Line:
    words, tone = (ALIAS_ACTIONS if entry.kind == "alias" else ACTIONS)[entry.action]
    steps = tuple(_step(name, pair) for name, pair in entry.changes.items() if _is_pair(pair) and name not in KEPT)
    moment = datetime.fromtimestamp(entry.moment, UTC)
    return Line(
        moment,
        str(ACTORS.get(entry.actor, entry.actor)),
        str(words),
        tone,
        shown_name(entry.object_name),
        url_of(entry),
        steps,
        is_deletion=entry.action is Action.DELETED,
    )


def shown_name(name: str) -> str:
    """The name of an object, its domain as people write it."""
    local_part, at, domain = name.rpartition("@")
    return f"{local_part}{at}{shown_form(domain)}"


def _is_pair(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2


def _step(name: str, pair: Any) -> Step:
    words = VALUES.get(name, {})
    before, after = (str(words[one]) if isinstance(one, str) and one in words else shown(one) for one in pair)
    return Step(label(name), *((shown_name(before), shown_name(after)) if name == "full_address" else (before, after)))


def label(name: str) -> str:
    return str(LABELS.get(name, name.replace("_", " ")))


def shown(value: Any) -> str:
    """A stored value as text: switches in words, destinations as a list."""
    match value:
        case True:
            return _("yes")
        case False:
            return _("no")
        case dict() if value:
            return ", ".join(_entry(text, on) for text, on in destination_entries(Alias(destinations=value)))
        case None | "" | dict():
            return _("nothing")
        case _:
            return str(value)


def _entry(text: str, on: bool) -> str:
    return text if on else _("%(text)s (off)") % {"text": text}
