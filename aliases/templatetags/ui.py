"""The small parts of the pages: icons, badges, moments, buttons to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.contrib.messages import get_messages
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from aliases.models import State
from aliases.records.addresses import shown_form
from aliases.services.headers import harmless, isolated
from aliases.wording.states import STATE_NAMES, STATE_SENTENCES, STATE_TONES
from aliases.wording.times import how_long_ago

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

register = template.Library()
register.filter("harmless", harmless)
register.filter("isolated", isolated)
UNDO = "undo:"  # begins the extra tag of a message that an operator can take back


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the symbols of `ui/parts/icons.html`; what it means stands beside it, or in the label of its button."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-{}"></use></svg>', name)


@register.simple_tag
def badge(text: object, tone: str = "quiet") -> SafeString:
    """A coloured word; `tone` is good, warning, bad or quiet. The word says it all, the colour only helps."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, text)


@register.simple_tag
def state_badge(state: State) -> SafeString:
    text = format_html("{} {}", icon(state), STATE_NAMES[state])
    return format_html('<span class="badge badge-{}">{}</span>', STATE_TONES[state], text)


@register.simple_tag
def all_states() -> list[State]:
    return list(State)


@register.filter
def state_name(state: str) -> str:
    return str(STATE_NAMES[State(state)])


@register.filter
def state_sentence(state: str) -> str:
    return str(STATE_SENTENCES[State(state)])


@register.filter
def shown_address(address: str) -> str:
    """An address or a domain as people write it: Unicode in the place of `xn--`, nothing that turns text around.

    Anybody may have sent mail to it, or from it.
    """
    local_part, at, domain = address.rpartition("@")
    return harmless(f"{local_part}{at}{shown_form(domain)}")


@register.simple_tag
def copy_button(text: str, label: str = "") -> SafeString:
    """A button that copies the text; hidden where there is no JavaScript, where the text can be selected."""
    return format_html(
        '<button type="button" class="button quiet icon-only copy" data-copy="{}" aria-label="{}" title="{}">{}'
        "</button>",
        text, label or _("Copy %(text)s") % {"text": text}, label or _("Copy"), icon("copy"),
    )  # fmt: skip


@register.simple_tag
def moment(value: datetime | None) -> SafeString | str:
    """A moment in the time zone and the spelling of whoever looks at it."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    shown = formats.date_format(local, "SHORT_DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


@register.simple_tag
def ago(value: datetime | None, never: str = "") -> SafeString | str:
    """How long ago it was, the moment itself on demand."""
    if value is None:
        return never or _("never")
    full = formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    told = how_long_ago(value, timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, told)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The query of this page with these changes: None and "" take a name away; a changed list begins at page 1."""
    values = context["request"].GET.copy()
    values.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"


@register.simple_tag(takes_context=True)
def said(context: dict[str, Any]) -> list[Any]:
    """The messages that this answer shows."""
    return list(get_messages(context["request"]))


@register.filter
def undo_of(tags: str) -> str:
    """The identifier of the alias that a message offers to bring back; empty where it offers nothing."""
    return next((tag.removeprefix(UNDO) for tag in tags.split() if tag.startswith(UNDO)), "")
