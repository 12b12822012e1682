"""How entries of the log are told: outcomes, reasons, deliveries, senders, days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aliases.services.headers import harmless
from aliases.templatetags.ui import badge
from aliases.wording import outcomes

if TYPE_CHECKING:
    from datetime import date

    from django.utils.safestring import SafeString

    from aliases.services.activity import Entry

register = template.Library()
register.filter("reason_sentence", outcomes.reason_sentence)
register.filter("delivery_name", outcomes.delivery_name)
register.filter("in_words", outcomes.in_words)


@register.simple_tag
def outcome_badge(outcome: str) -> SafeString:
    return badge(outcomes.in_words(outcome), outcomes.outcome_tone(outcome))


@register.filter
def sender_text(reverse_path: str | None) -> str:
    """The address that a message says it comes from; bounces and automatic replies come from none (RFC 5321, 4.5.5)."""
    if reverse_path is None:
        return _("unknown sender")
    return harmless(reverse_path) or _("empty sender address")


@register.filter
def needs_reason(entry: Entry) -> bool:
    """Whether it went another way than mail of an active alias usually goes."""
    return (entry.outcome, entry.reason) != ("delivered", "active_alias")


@register.filter
def day_heading(day: date) -> str:
    """Today and yesterday by name, others with the day of the week; days of the reader's time zone."""
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return _("%(weekday)s, %(date)s") % {"weekday": date_format(day, "l"), "date": date_format(day, "DATE_FORMAT")}
