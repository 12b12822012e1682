"""How lists and forms show states, addresses and destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from aliases.wording.states import STATE_NAMES, STATE_TONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from aliases.models import State

MOST_SHOWN = 3  # destinations in a cell of a list


def badge(text: object, tone: str) -> SafeString:
    """A coloured word; `tone` is good, warning, bad or quiet. The word says it all, the colour only helps."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, text)


def state_badge(state: State) -> SafeString:
    return badge(STATE_NAMES[state], STATE_TONES[state])


def on_off_badge(active: bool, on: object, off: object) -> SafeString:
    return badge(on, "good") if active else badge(off, "warning")


def destinations_cell(entries: Iterable[tuple[str, bool]], most: int = MOST_SHOWN) -> SafeString | str:
    """The destinations of an alias, one a line; those that are off say so."""
    shown = list(entries)
    lines = [format_html("{}", text) if on else _off(text) for text, on in shown[:most]]
    if len(shown) > most:
        lines.append(format_html("{}", _("and %(count)d more") % {"count": len(shown) - most}))
    return format_html_join("", '<div class="line">{}</div>', ((line,) for line in lines)) or "-"


def _off(text: str) -> SafeString:
    return format_html('<span class="off">{}</span> {}', text, badge(_("off"), "quiet"))
