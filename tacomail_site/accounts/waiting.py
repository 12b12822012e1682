"""How long to wait after wrong attempts, and how to say it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

MINUTE = 60
HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; the last of them, and each after it, costs twice the wait before. In seconds."""

    free: int
    first_wait: int = MINUTE
    longest_wait: int = HOUR

    def wait_after(self, failures: int) -> int:
        """Seconds to wait after so many failures."""
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, 32)  # far more than any longest wait needs
        return min(self.first_wait << doublings, self.longest_wait)


def shown_wait(seconds: int) -> str:
    """The sentence for a person who has to wait."""
    return gettext("There were too many wrong attempts. Wait %(span)s, then try again.") % {"span": _span(seconds)}


def shown_next(seconds: int) -> str:
    """The sentence behind what was wrong; empty where there is no wait."""
    return gettext("The next attempt is possible in %(span)s.") % {"span": _span(seconds)} if seconds else ""


def _span(seconds: int) -> str:
    if seconds < MINUTE:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = math.ceil(seconds / MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
