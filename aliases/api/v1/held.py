"""Held mail: what waits in the bucket, why, and each message as a file. `heldactions.py` has it delivered."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from aliases.api.callers import Scope
from aliases.api.exceptions import ApiRefusal, NotAllowed
from aliases.api.v1.fates import (
    DeliveryOut,
    VerdictOut,
    deliveries_of,
    delivery_rows,
    verdict_rows,
    verdicts_of,
)
from aliases.api.v1.heldactions import Act, done_to
from aliases.api.v1.heldids import message_id_of, short_id
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.paging import cursor_of, page, place_of
from aliases.api.v1.schemas import Filters, Many, Moment, One, Pages, rfc3339
from aliases.api.v1.words import word_of
from aliases.mailfiles import file_name, mail_file
from aliases.records.exceptions import NotFound
from aliases.records.message import Reason
from aliases.records.translatable import gettext_noop
from aliases.services.headers import sender_of, subject_of
from aliases.services.heldmail.listing import Leftover, Waiting, completed, waiting_mail
from aliases.services.heldmail.reading import Headed, HeldMessage, download, held_message, with_headers
from aliases.wording.waiting import LEFT, why_name, why_sentence

router = Router(tags=["Held mail"])

ORDER = "since"

Why = Annotated[str, word_of(Reason, Leftover, about="Why it waits: a reason, or what the retries left behind.")]
RFC822 = {"schema": {"type": "string", "format": "binary"}}


class Infected(ApiRefusal):
    """The message holds a virus, and nobody said that they want it all the same."""

    status = HTTPStatus.CONFLICT
    code = "infected"


class HeldFilters(Pages):
    reason: str = Field(
        "", description=f"Only what waits for this reason; `{LEFT}` for all that the retries left behind unfinished."
    )


class FileFilters(Filters):
    infected: bool = Field(False, description="Give it even where Amazon SES found a virus in it.")


class WaitingOut(Schema):
    id: str = Field(description="For the paths of this message: its `message_id`, odd characters written as `_2F`.")
    message_id: str = Field(description="As Amazon SES calls the message.")
    reason: Why
    reason_name: str = Field(description="The same in a few words.")
    reason_sentence: str = Field(description="The same for people, and what can be done.")
    since: Moment | None = Field(description="When it was received.")
    age: int | None = Field(description="In seconds.")
    size: int | None = Field(description="In octets; null where unknown.")
    reverse_path: str | None = Field(description="The sender of the envelope; empty for bounces, null where unknown.")
    recipients: list[str] = Field(description="Those of the envelope, as received.")
    author: str = Field(description="Whom its header names (From). Anybody may write anything there.")
    subject: str


class HeaderLine(Schema):
    name: str
    value: str = Field(description="Unfolded and decoded, on one line.")


class HeldOut(WaitingOut):
    stored: bool = Field(description="Whether the message itself is still there.")
    recorded: bool = Field(description="Whether the table knows the message; else its header is all that is known.")
    infected: bool = Field(description="Amazon SES found a virus. It is never delivered.")
    headers: list[HeaderLine]
    deliveries: list[DeliveryOut] = Field(description="What was tried so far.")
    verdicts: list[VerdictOut]


def _common(message_id: str, reason: str, since: datetime | None, size: int) -> dict[str, Any]:
    return {
        "id": short_id(message_id),
        "message_id": message_id,
        "reason": reason or str(Leftover.UNFINISHED),
        "reason_name": why_name(reason),
        "reason_sentence": why_sentence(reason or str(Leftover.UNFINISHED)),
        "since": since,
        "age": None if since is None else max(0, int((datetime.now(UTC) - since).total_seconds())),
        "size": size or None,
    }


def _waiting_row(headed: Headed) -> dict[str, Any]:
    row = headed.row
    return {
        **_common(row.message_id, row.reason, row.since, row.size),
        "reverse_path": row.message.reverse_path if row.message else None,
        "recipients": list(row.message.recipients) if row.message else [],
        "author": headed.sender,
        "subject": headed.subject,
    }


def _held_row(held: HeldMessage) -> dict[str, Any]:
    message = held.message
    return {
        **_common(held.message_id, held.reason, held.since, held.size),
        "reverse_path": message.reverse_path,
        "recipients": list(message.recipients),
        "author": sender_of(held.header),
        "subject": subject_of(held.header),
        "stored": held.is_there,
        "recorded": held.is_recorded,
        "infected": held.is_infected,
        "headers": [{"name": name, "value": value} for name, value in held.header],
        "deliveries": list(delivery_rows(deliveries_of(message))),
        "verdicts": list(verdict_rows(verdicts_of(message))),
    }


@router.get("/held", **operation(Scope.READ, "listHeld", Many[WaitingOut]))
def list_held(request: HttpRequest, response: HttpResponse, filters: Query[HeldFilters]) -> Any:
    """Every message that waits, the newest first, and what no try has finished within a quarter of an hour.

    Cost: 2 calls, 1 for each megabyte of held records (about 700), 1 LIST for each 1,000 stored objects, 1 GET for each
    message of the page; 1 call more where the page shows what was left behind.
    """
    every = sorted(waiting_mail().rows, key=lambda row: row.message_id)
    every.sort(key=lambda row: _place(row)[0], reverse=True)
    rows = [row for row in every if filters.reason in {"", LEFT if row.is_left_behind else row.reason}]
    if filters.cursor:
        after = place_of(filters.cursor, ORDER, str, str)
        rows = [row for row in rows if _comes_after(row, *after)]
    shown, following = rows[: filters.limit], ""
    if len(rows) > filters.limit:
        following = cursor_of(ORDER, *_place(shown[-1]))
    return page(request, response, [_waiting_row(headed) for headed in with_headers(completed(shown))], following)


def _place(row: Waiting) -> tuple[str, str]:
    return rfc3339(row.since) if row.since else "", row.message_id


def _comes_after(row: Waiting, since: str, message_id: str) -> bool:
    """The newest come first, and those of one second in the order of their ids."""
    own, own_id = _place(row)
    return own < since or (own == since and own_id > message_id)


@router.get("/held/{id}", **operation(Scope.READ, "getHeld", One[HeldOut], HTTPStatus.NOT_FOUND))
def get_held(request: HttpRequest, id: str) -> Any:  # noqa: A002  as the path has it
    """One message with its header. 404 for one that waits no more.

    Cost: 3 calls, 1 LIST, 1 GET; 2 GETs more where the table has no envelope.
    """
    held = held_message(message_id_of(id))
    if held.is_over:
        why = gettext_noop("The message %(message)s waits no more.", message=held.message_id)
        raise NotFound(why, code="finished")
    return {"data": _held_row(held)}


@router.delete("/held/{id}", **operation(Scope.WRITE, "deleteHeld", None, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
def delete_held(request: HttpRequest, id: str) -> Any:  # noqa: A002  as the path has it
    """Delete it for good.

    Cost: 7 calls.
    """
    done_to(request, Act.DELETE, id)
    return Status(HTTPStatus.NO_CONTENT, None)


_file = operation(Scope.READ, "downloadHeld", {200: None}, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
_file["openapi_extra"]["responses"]["200"] = {
    "description": "The message as it lies in the bucket, octet by octet.",
    "content": {"message/rfc822": RFC822},
}


@router.get("/held/{id}/message", **_file)
def download_held(request: HttpRequest, id: str, filters: Query[FileFilters]) -> HttpResponse:  # noqa: A002
    """The whole message as a file for a mail program. 409 for an infected one, unless it is asked for as that.

    An infected one takes the scope `write`. Cost: 3 calls, 1 HEAD, 1 GET; 2 GETs more where the table has no envelope.
    """
    message_id = message_id_of(id)
    whole = download(message_id)
    if whole.is_infected and not filters.infected:
        raise Infected(
            _("Amazon SES found a virus in this message. Ask with infected=true if you know what you are doing.")
        )
    if whole.is_infected and Scope.WRITE not in caller_of(request).scopes:
        raise NotAllowed(_("The token may not do this: it takes one with the scope “%s”.") % Scope.WRITE)
    return mail_file(whole.chunks(), whole.size, file_name(message_id))
