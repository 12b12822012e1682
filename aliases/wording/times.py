"""How long ago something was, in one round figure.

Django's `naturaltime` says two ("3 weeks, 1 day"), and its German cannot decline them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from datetime import datetime

NO_BREAK = "\xa0"  # keeps a figure and its unit on one line
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONTH, YEAR = timedelta(days=30.4375), timedelta(days=365.25)
UNITS = (  # the largest first
    (YEAR, ngettext_lazy("%(count)d year ago", "%(count)d years ago", "count")),
    (MONTH, ngettext_lazy("%(count)d month ago", "%(count)d months ago", "count")),
    (WEEK, ngettext_lazy("%(count)d week ago", "%(count)d weeks ago", "count")),
    (DAY, ngettext_lazy("%(count)d day ago", "%(count)d days ago", "count")),
    (HOUR, ngettext_lazy("%(count)d hour ago", "%(count)d hours ago", "count")),
    (MINUTE, ngettext_lazy("%(count)d minute ago", "%(count)d minutes ago", "count")),
)


def how_long_ago(value: datetime, now: datetime) -> str:
    """Whole units, rounded down. What lies ahead, since clocks differ, is just now."""
    passed = now - value
    for unit, text in UNITS:
        count = passed // unit
        if count >= 1:
            return str(text % {"count": count}).replace(f"{count} ", f"{count}{NO_BREAK}")
    return _("just now")
