"""What became of a change to many objects: how many were done, and which were not, and why."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from aliases.records.exceptions import RecordError, TableError
from aliases.wording.errors import REFUSALS, message, refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

SECONDS = 20.0  # API Gateway waits 29 for an answer
MOST_NAMED = 100  # failures in one message

DONE = {
    "alias": ngettext_lazy("%(count)d alias: %(done)s.", "%(count)d aliases: %(done)s.", "count"),
    "domain": ngettext_lazy("%(count)d domain: %(done)s.", "%(count)d domains: %(done)s.", "count"),
    "destination": ngettext_lazy("%(count)d destination: %(done)s.", "%(count)d destinations: %(done)s.", "count"),
    "operator": ngettext_lazy("%(count)d operator: %(done)s.", "%(count)d operators: %(done)s.", "count"),
}
FAILED = {
    "alias": ngettext_lazy("%(count)d alias could not be changed:", "%(count)d aliases could not be changed:", "count"),
    "domain": ngettext_lazy(
        "%(count)d domain could not be changed:", "%(count)d domains could not be changed:", "count"
    ),
    "destination": ngettext_lazy(
        "%(count)d destination could not be changed:", "%(count)d destinations could not be changed:", "count"
    ),
    "operator": ngettext_lazy(
        "%(count)d operator could not be changed:", "%(count)d operators could not be changed:", "count"
    ),
}


@dataclass(slots=True)
class Report:
    """`failures` are names with reasons; `stopped` says why the rest was not tried, empty where all was."""

    done: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    stopped: str = ""

    @property
    def tried(self) -> int:
        return self.done + len(self.failures)


def each(objects: Iterable[Any], act: Callable[[Any], Any]) -> Iterator[tuple[Any, RecordError | None]]:
    """Carry out `act` for each, in the shape of `aliases.services.bulk`. Raises TableError, as that does."""
    for obj in objects:
        try:
            act(obj)
        except TableError:
            raise
        except RecordError as error:
            yield obj, error
        else:
            yield obj, None


def carried_out(changes: Iterable[tuple[object, Exception | None]], seconds: float = SECONDS) -> Report:
    """Carry the changes out one by one, until all are done, the time is over, or the table gives no answer."""
    report = Report()
    end = time.monotonic() + seconds
    iterator = iter(changes)
    try:
        for changed, error in iterator:
            if error is None:
                report.done += 1
            else:
                report.failures.append((str(changed), message(error) if isinstance(error, RecordError) else str(error)))
            if time.monotonic() >= end:
                report.stopped = _("it takes longer than one page may take")
                break
    except REFUSALS as error:
        refusal = refusal_of(error)
        report.stopped = str(error) if refusal is None else message(refusal)
    finally:
        close = getattr(iterator, "close", None)  # lets the services write down the history of what is done
        if close is not None:
            close()
    return report


def show(request: HttpRequest, report: Report, asked: int, kind: str, done: str) -> None:
    """Messages: what was done (`done` is like "paused"), what was not and why. `kind` is a key of DONE."""
    if report.done or not (report.failures or report.stopped):
        messages.success(request, DONE[kind] % {"count": report.done, "done": done})
    if report.failures:
        messages.error(request, _failed(report, kind))
    if report.stopped:
        left = asked - report.tried
        text = _("%(left)d of %(asked)d were not tried: %(why)s. Do it again for the rest.")
        messages.warning(request, text % {"left": left, "asked": asked, "why": report.stopped.rstrip(".")})


def _failed(report: Report, kind: str) -> SafeString:
    count = len(report.failures)
    named = format_html_join("", "<li>{}: {}</li>", report.failures[:MOST_NAMED])
    more = _("and %(count)d more.") % {"count": count - MOST_NAMED} if count > MOST_NAMED else ""
    return format_html('{}<ul class="failures">{}</ul>{}', FAILED[kind] % {"count": count}, named, more)
