"""Held mail: what waits and why, one message, and the whole of it as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aliases.mailfiles import file_name, mail_file
from aliases.records.message import Reason
from aliases.services.choices import read_choices
from aliases.services.headers import field_of, subject_of
from aliases.services.heldmail.listing import Leftover, completed, waiting_mail
from aliases.services.heldmail.reading import download, held_message, with_headers
from aliases.ui.held.access import needs_bucket
from aliases.ui.held.forms import SendForm
from aliases.ui.pages import CHANGE, can_change, found, page, render_page
from aliases.wording.outcomes import CHECK_NAMES, VERDICT_NAMES, VERDICT_TONES, delivery_name, in_words, outcome_tone
from aliases.wording.waiting import LEFT, why_name, why_sentence, why_tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, QueryDict

    from aliases.records.message import Message, Result
    from aliases.services.heldmail.listing import Listing, Waiting
    from aliases.services.heldmail.reading import Headed, HeldMessage
    from aliases.ui.pages import Request

PER_PAGE = 20
NEWEST, OLDEST = "newest", "oldest"
MAIN_LINES = ("From", "To", "Cc", "Subject", "Date")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages the list shows, and in which order, as its address says."""

    reason: str = ""
    order: str = NEWEST

    @classmethod
    def asked(cls, query: QueryDict) -> Wanted:
        return cls(query.get("reason", ""), OLDEST if query.get("order") == OLDEST else NEWEST)

    def fields(self, **changes: str) -> dict[str, str]:
        """What its address says, as names and values; `changes` replace some of them."""
        values = {"reason": self.reason, "order": "" if self.order == NEWEST else self.order, **changes}
        return {name: value for name, value in values.items() if value}

    def query(self, **changes: str) -> str:
        fields = self.fields(**changes)
        return f"?{urlencode(fields)}" if fields else "?"

    def selected(self, listing: Listing) -> list[Waiting]:
        rows = [row for row in listing.rows if self.reason in {"", _group(row)}]
        return rows if self.order == NEWEST else rows[::-1]


def _group(row: Waiting) -> str:
    return LEFT if row.is_left_behind else row.reason


@page("GET")
@needs_bucket
def held_list(request: Request) -> HttpResponse:
    """Cost: 1 call for each megabyte of held records and 1 LIST for each 1,000 objects; 1 call more where the page
    shows what was left behind; 1 GET for each message that it shows.
    """
    wanted = Wanted.asked(request.GET)
    listing = waiting_mail()
    rows = wanted.selected(listing)
    pages = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "listing": listing,
        "chips": list(_chips(wanted, listing)),
        "newest_link": reverse("ui:held") + wanted.query(order=""),
        "oldest_link": reverse("ui:held") + wanted.query(order=OLDEST),
        "pages": pages,
        "rows": [_row(headed) for headed in with_headers(completed(list(pages.object_list)))],
        "octets": sum(row.size for row in rows),
        "has_spam": bool(listing.reasons.keys() & {Reason.SPAM, Reason.DMARC_REJECT}),
    }
    return render_page(request, "ui/held/list.html", context, part="ui/held/results.html")


def _chips(wanted: Wanted, listing: Listing) -> Iterator[tuple[str, int, bool, str]]:
    """A name, a number of messages, whether it is chosen, and its address: for all, then for each reason there is."""
    yield _("All"), len(listing.rows), not wanted.reason, wanted.query(reason="")
    counts = listing.reasons
    left = counts.pop("", 0)
    for reason, count in counts.most_common():
        yield why_name(reason), count, wanted.reason == reason, wanted.query(reason=reason)
    if left or wanted.reason == LEFT:
        yield _("left unfinished"), left, wanted.reason == LEFT, wanted.query(reason=LEFT)


def _row(headed: Headed) -> dict[str, Any]:
    row = headed.row
    sender = row.message.reverse_path if row.message is not None else None
    return {
        "id": row.message_id,
        "subject": headed.subject,
        "sender": headed.sender or sender,
        "recipients": row.message.recipients if row.message is not None else (),
        "since": row.since,
        "size": row.size,
        "why": why_name(row.reason),
        "tone": why_tone(row.reason),
    }


@page("GET")
@needs_bucket
def held_page(request: Request, message_id: str) -> HttpResponse:
    """One message.

    Cost: 1 call, 1 LIST, 1 GET; 2 GETs more where the table has no envelope, 1 call more where it can be sent.
    """
    held: HeldMessage = found(held_message, message_id)
    message = held.message
    offers = _offers(held) if can_change(request) else frozenset[str]()
    context = {
        "held": held,
        "subject": subject_of(held.header),
        "why": why_name(held.reason),
        "why_sentence": why_sentence(held.reason),
        "tone": why_tone(held.reason),
        "lines": [(name, value) for name in MAIN_LINES if (value := field_of(held.header, name))],
        "verdicts": list(_verdicts(message)),
        "results": [_result(name, result) for name, result in message.results.items()],
        "offers": offers,
        "form": SendForm(read_choices()) if "send" in offers else None,
    }
    return render_page(request, "ui/held/message.html", context)


def _offers(held: HeldMessage) -> frozenset[str]:
    """What can be done with it."""
    if not held.is_there:
        return frozenset({"forget"}) if held.reason == Reason.OBJECT_GONE else frozenset()
    if held.is_infected or held.reason in {Leftover.FINISHED, Leftover.REFUSED}:
        return frozenset({"delete"})
    is_spam = held.reason in {Reason.SPAM, Reason.DMARC_REJECT}
    return frozenset({"release" if is_spam else "deliver", "send", "delete"})


def _verdicts(message: Message) -> Iterator[tuple[str, str, str]]:
    """The name of each check that was made, what it found, and a tone for that."""
    for name in message.verdicts.__slots__:
        verdict = str(getattr(message.verdicts, name))
        if verdict:
            yield str(CHECK_NAMES[name]), str(VERDICT_NAMES.get(verdict, verdict)), VERDICT_TONES.get(verdict, "quiet")


def _result(name: str, result: Result) -> dict[str, Any]:
    return {
        "place": delivery_name(name),
        "outcome": in_words(result.outcome),
        "tone": outcome_tone(result.outcome),
        "reason": in_words(result.reason) if result.reason else "",
        "error": result.error,
        "at": datetime.fromtimestamp(result.at, UTC) if result.at else None,
    }


@page("GET", "POST", post=CHANGE)
@needs_bucket
def message_file(request: Request, message_id: str) -> HttpResponse:
    """The message as it lies in the bucket; an infected one only once somebody has read the warning.

    Cost: 1 call, 1 HEAD, 1 GET; 2 GETs more where the table has no envelope.
    """
    whole = found(download, message_id)
    if whole.is_infected and request.method != "POST":
        return render_page(request, "ui/held/infected.html", {"message_id": message_id})
    return mail_file(found(whole.chunks), whole.size, file_name(message_id))
