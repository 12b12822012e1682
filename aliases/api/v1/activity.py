"""Activity: what became of each message, for each alias or unknown recipient, and why."""

from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from aliases.api.callers import Scope
from aliases.api.v1.fates import DeliveryOut, VerdictOut, delivery_rows, outcome_sentence, verdict_rows
from aliases.api.v1.operations import operation
from aliases.api.v1.paging import BadCursor, cursor_of, page, place_of
from aliases.api.v1.schemas import Many, Moment, One, Pages
from aliases.api.v1.words import word_of
from aliases.records.exceptions import NotFound
from aliases.records.message import MessageState, Outcome, Reason
from aliases.services.activity import Entry, find_entry, log_page, message_of
from aliases.wording.outcomes import reason_sentence

router = Router(tags=["Activity"])

ORDER = "received"

# A message for an alias ends in one of these; the other outcomes are what becomes of bounces.
Ending = Literal["delivered", "held", "failed", "refused", "ignored", "dropped", "gone", "deleted"]


class ActivityFilters(Pages):
    outcome: Ending | None = Field(None, description="Only what ended so.")


class EntryOut(Schema):
    id: str = Field(description="Of this entry. In a path it is percent-encoded like any other text.")
    address: str = Field(description="The alias, or the unknown recipient, that the message was for.")
    message_id: str = Field(description="As Amazon SES calls the message. One for several aliases has several entries.")
    received: Moment
    reverse_path: str | None = Field(description="The sender of the envelope; empty for bounces, null where unknown.")
    recipients: list[str] = Field(description="The recipients as received.")
    size: int | None = Field(description="In octets; null where unknown.")
    outcome: Annotated[str, word_of(Outcome, about="What became of it.")]
    outcome_sentence: str = Field(description="The same for people.")
    reason: Annotated[str, word_of(Reason, about="Why.")]
    reason_sentence: str = Field(description="The same for people, and what can be done.")
    deliveries: list[DeliveryOut]
    verdicts: list[VerdictOut]


class WholeEntryOut(EntryOut):
    state: Annotated[
        str | None,
        word_of(MessageState, about="How the message as a whole is now; null where its record has gone, as it does."),
    ]


def entry_id(identifier: str) -> str:
    """`<time>/<message id>/<address>` with slashes only there: anybody may send mail to any address.

    Of a usual entry it is the identifier as it is stored.
    """
    moment, _, rest = identifier.partition("/")
    message_id, _, address = rest.partition("/")
    return "/".join(quote(part, safe="@+=:,;!$'*~") for part in (moment, message_id, address))


def entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry_id(entry.identifier),
        "address": entry.address,
        "message_id": entry.message_id,
        "received": entry.received,
        "reverse_path": entry.reverse_path,
        "recipients": list(entry.recipients),
        "size": entry.size or None,
        "outcome": entry.outcome,
        "outcome_sentence": outcome_sentence(entry.outcome),
        "reason": entry.reason,
        "reason_sentence": reason_sentence(entry.reason),
        "deliveries": list(delivery_rows(entry.deliveries)),
        "verdicts": list(verdict_rows(entry.verdicts)),
    }


@router.get("/activity", **operation(Scope.READ, "listActivity", Many[EntryOut]))
def list_activity(request: HttpRequest, response: HttpResponse, filters: Query[ActivityFilters]) -> Any:
    """What became of the messages for all addresses, the newest first; a little behind.

    A page may be short, or even empty, and yet have a next one: entries that lie far apart take several calls.

    Cost: 2 calls, and 1 for each day of UTC that the page touches, 10 at most.
    """
    before = place_of(filters.cursor, ORDER, str)[0] if filters.cursor else ""
    outcomes = [filters.outcome] if filters.outcome else []
    try:
        log = log_page(before, outcomes=outcomes, count=filters.limit)
    except NotFound as error:  # a cursor that somebody made
        raise BadCursor from error
    return page(
        request,
        response,
        [entry_row(entry) for entry in log.entries],
        cursor_of(ORDER, log.older) if log.older else "",
    )


@router.get("/activity/{path:id}", **operation(Scope.READ, "getActivity", One[WholeEntryOut], HTTPStatus.NOT_FOUND))
def get_activity(request: HttpRequest, id: str) -> Any:  # noqa: A002  as the path has it
    """What became of one message for one address. 404 for an entry that is no longer kept.

    Cost: 4 calls.
    """
    entry = find_entry(unquote(id))
    message = message_of(entry)
    return {"data": {**entry_row(entry), "state": message.state if message else None}}
