"""Held mail delivered again, released, or sent elsewhere; the same done with many, which can be deleted, too.

The API has this router before that of `held.py`: the path of many is no message. For the same reason one message is
deleted there: a path belongs to one router.
"""

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, StrictBool

from aliases.api.callers import Scope
from aliases.api.v1.fates import DeliveryOut, deliveries_of, delivery_rows
from aliases.api.v1.heldids import message_id_of, short_id
from aliases.api.v1.naming import named
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.schemas import MOST_IDS, SECONDS, Body, ItemError, One
from aliases.api.v1.words import word_of
from aliases.records.exceptions import Conflict, InvalidAddress, NotFound, RecordError, TableError
from aliases.records.message import Reason
from aliases.records.translatable import gettext_noop
from aliases.services.heldmail.acting import delete_messages, deliver_again, send_elsewhere
from aliases.wording.reports import why_not_done
from mailhandlers.bucket import BucketError
from mailhandlers.redelivery import Ending, Report

router = Router(tags=["Held mail"])

LETTERS = 4_000  # of an id: names of objects have up to 1,024 octets, each of them three letters here
NOT_TRIED = "not_tried"


class Act(StrEnum):
    DELIVER = "deliver"  # to the destinations that its aliases have now
    RELEASE = "release"  # the same, spam too, which goes into the folder for junk
    SEND = "send"  # to another destination
    DELETE = "delete"  # for good


DONE = {  # the endings that are as they were wanted
    Act.DELIVER: frozenset({Ending.DELIVERED, Ending.FINISHED}),
    Act.RELEASE: frozenset({Ending.DELIVERED, Ending.FINISHED}),
    Act.SEND: frozenset({Ending.DELIVERED}),
    Act.DELETE: frozenset({Ending.DELETED, Ending.GONE, Ending.FINISHED}),
}


class DeliverIn(Body):
    to: str | None = Field(
        None, description="Where it goes instead of the destinations of its aliases.", examples=["alice@tacomail"]
    )
    release_spam: StrictBool = Field(False, description="Deliver what is held as spam, too: into the folder for junk.")


NOTHING = DeliverIn(to=None, release_spam=False)  # what an empty body says


class DeliveredOut(Schema):
    id: str
    message_id: str
    ending: Annotated[str, word_of(Ending, about="How it ended.")]
    deliveries: list[DeliveryOut]


class BulkIn(Body):
    ids: list[Annotated[str, Field(max_length=LETTERS)]] = Field(
        min_length=1, max_length=MOST_IDS, description="The `id` of each message."
    )
    action: Act = Field(
        description="deliver: to the destinations that its aliases have now; release: the same, spam too, into the "
        "folder for junk; send: to `to` instead; delete: for good."
    )
    to: str | None = Field(None, description="For send.", examples=["alice@tacomail"])


class ItemOut(Schema):
    id: str
    ok: bool = Field(description="Whether it is as it was wanted.")
    ending: Annotated[
        str, word_of(Ending, (NOT_TRIED,), about="How it ended; `not_tried` where the time of the call was over.")
    ]
    error: ItemError | None


class ItemsOut(Schema):
    data: list[ItemOut]


def code_of(report: Report) -> str:
    """Why it is not done, as one word."""
    if report.ending is Ending.HELD and report.reason:
        return report.reason
    if report.ending is not Ending.FAILED:
        return str(report.ending)
    match report.cause:
        case BucketError():
            return "bucket"
        case RecordError():
            return report.cause.code
        case _:
            return "gone" if is_unknown(report) else report.reason or Reason.DELIVERY_ERROR


def is_unknown(report: Report) -> bool:
    """Whether neither the table nor the bucket knows the message."""
    return report.ending is Ending.FAILED and bool(report.error.template) and not (report.cause or report.message)


def check_done(report: Report, action: Act) -> None:
    """Raises Conflict where it is not, NotFound for a message that nobody knows, TableError, BucketError."""
    if report.ending in DONE[action]:
        return
    if isinstance(report.cause, NotFound | TableError | BucketError):
        raise report.cause
    if is_unknown(report):
        raise NotFound(report.error, code="gone")
    raise Conflict(why_not_done(report), code=code_of(report))


def _reports(action: Act, ids: Sequence[str], to: str, by: str) -> Generator[Report]:
    """Raises InvalidAddress for a destination that mail cannot be sent to now."""
    match action:
        case Act.SEND:
            with named(destination="to"):
                return send_elsewhere(ids, to, by=by)
        case Act.DELETE:
            return delete_messages(ids, by=by)
        case _:
            return deliver_again(ids, by=by, release_spam=action is Act.RELEASE)


def done_to(request: HttpRequest, action: Act, id: str, to: str = "") -> Report:  # noqa: A002  as the path has it
    """Raises as `check_done`, and InvalidAddress for a destination that mail cannot be sent to now."""
    with closing(_reports(action, [message_id_of(id)], to, caller_of(request).name)) as reports:
        report = next(reports)
    check_done(report, action)
    return report


@router.post("/held/bulk", **operation(Scope.WRITE, "changeHeld", ItemsOut))
def change_many_held(request: HttpRequest, body: BulkIn) -> Any:
    """Do the same with up to 100 messages; one that cannot be dealt with does not stop the others.

    The answer has an item for each id, in their order. What the table or the bucket gives no answer about is said in
    its item. Cost: 2 calls, 4 or more for each message, and 1 for each 25; 1 more to send them elsewhere.
    """
    to = (body.to or "").strip()
    if body.action is Act.SEND and not to:
        raise InvalidAddress(gettext_noop("Say where the messages shall go."), code="empty", field="to")
    ids, end = list(dict.fromkeys(body.ids)), time.monotonic() + SECONDS
    items: list[dict[str, Any]] = []
    by = caller_of(request).name
    with closing(_reports(body.action, [message_id_of(one) for one in ids], to, by)) as reports:
        for one, report in zip(ids, reports, strict=False):
            items.append(_item(one, report, body.action))
            if time.monotonic() >= end:
                break
    why = {"code": NOT_TRIED, "detail": _("The time of this call was over: ask again.")}
    late = {"ok": False, "ending": NOT_TRIED, "error": why}
    return {"data": items + [{"id": one, **late} for one in ids[len(items) :]]}


def _item(id: str, report: Report, action: Act) -> dict[str, Any]:  # noqa: A002  as the schema has it
    ok = report.ending in DONE[action]
    error = None if ok else {"code": code_of(report), "detail": why_not_done(report)}
    return {"id": id, "ok": ok, "ending": str(report.ending), "error": error}


@router.post(
    "/held/{id}/deliver",
    **operation(Scope.WRITE, "deliverHeld", One[DeliveredOut], HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def deliver_held(request: HttpRequest, id: str, body: DeliverIn = NOTHING) -> Any:  # noqa: A002
    """Deliver it again, to the destinations that its aliases have now, or to the one that `to` names.

    409 where it still waits: the code is the reason. Sent to another destination, spam goes with the rest; infected
    mail never does.

    Cost: 6 calls or more, and 1 for each 25; 1 more to send it elsewhere.
    """
    to = (body.to or "").strip()
    action = Act.SEND if to else Act.RELEASE if body.release_spam else Act.DELIVER
    report = done_to(request, action, id, to)
    return {
        "data": {
            "id": short_id(report.message_id),
            "message_id": report.message_id,
            "ending": report.ending,
            "deliveries": list(delivery_rows(deliveries_of(report.message))) if report.message else [],
        }
    }
