"""A dry run: what would happen to mail from A to B now?"""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictBool

from aliases.api.callers import Scope
from aliases.api.v1.operations import operation
from aliases.api.v1.schemas import Body, One
from aliases.api.v1.words import word_of
from aliases.records.addresses import parse_mailbox
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import Decision, Outcome, Reason
from aliases.records.translatable import gettext_noop
from aliases.services.dryrun import MOST_RECIPIENTS, Dmarc, DryRun, Planned, Question, Recipient, Spelling, dry_run
from aliases.wording.dryruns import disposition_sentence, planned_sentences, recipient_sentences
from aliases.wording.outcomes import delivery_name, reason_sentence
from mailhandlers.disposition import Disposition

router = Router(tags=["Dry run"])

LETTERS = 2_000  # of an address: many times what makes sense


class QuestionIn(Body):
    """A message that may come. What is left out is as most mail has it."""

    sender: str = Field(
        "somebody@example.com",
        alias="from",
        max_length=LETTERS,
        description="The sender of the envelope. Empty, as bounces and automatic replies have it.",
    )
    to: list[Annotated[str, Field(min_length=1, max_length=LETTERS)]] = Field(
        min_length=1, max_length=MOST_RECIPIENTS, description="The recipients of the envelope."
    )
    spam: StrictBool = Field(False, description="Amazon SES takes it for spam.")
    virus: StrictBool = Field(False, description="Amazon SES finds a virus.")
    dmarc: Dmarc = Field(Dmarc.PASS, description="`pass`, or what the sender's domain asks for where the check fails.")
    automatic: StrictBool = Field(False, description="A program sends it by itself.")


class PlannedOut(Schema):
    name: str = Field(description="What the delivery is called in the records, such as `maildir/alice`.")
    place: str = Field(description="Where it goes, for people.")
    outcome: Annotated[str, word_of(Outcome, about="What would become of it.")]
    reason: Annotated[str, word_of(Reason, about="Why; empty where there is nothing to say.")]
    junk: bool = Field(description="Whether it goes into the folder for junk.")
    repeated: bool = Field(description="Another recipient has the same one: it is carried out once.")
    sentence: str


class AnswerOut(Schema):
    recipient: str
    decision: Annotated[str, word_of(Decision, about="What is decided.")]
    reason: Annotated[str, word_of(Reason, about="Why.")]
    reason_sentence: str = Field(description="The same for people, and what can be done.")
    sentence: str = Field(description="The reason, how the alias was found, and what the sender hears of it.")
    alias: str | None = Field(description="The address of the alias that was found; null where none was.")
    alias_id: str | None
    found_by: Annotated[str | None, word_of(Spelling, about="By which spelling of the recipient it was found.")]
    bounced: bool = Field(description="Whether the sender would get a bounce.")
    deliveries: list[PlannedOut]


class DryRunOut(Schema):
    disposition: Annotated[str, word_of(Disposition, about="What becomes of the message as a whole.")]
    disposition_sentence: str
    answer: str = Field(description="What Amazon SES would be told, in its own words.")
    bounce_forbidden: Annotated[str, word_of(Reason, about="Why nobody may get a bounce; empty where one may go out.")]
    recipients: list[AnswerOut]


@router.post("/dry-run", **operation(Scope.READ, "dryRun", One[DryRunOut]))
def try_delivery(request: HttpRequest, body: QuestionIn) -> Any:
    """What would happen to a message of this moment. Nothing is written, so the scope `read` is enough.

    Cost: 3 calls.
    """
    run = dry_run(
        Question(
            _sender(body.sender),
            tuple(dict.fromkeys(_recipient(text) for text in body.to)),
            spam=body.spam,
            virus=body.virus,
            dmarc=body.dmarc,
            automatic=body.automatic,
        )
    )
    return {
        "data": {
            "disposition": run.disposition,
            "disposition_sentence": disposition_sentence(run),
            "answer": run.answer,
            "bounce_forbidden": run.bounce_forbidden,
            "recipients": [_answer(recipient, run) for recipient in run.recipients],
        }
    }


def _sender(text: str) -> str:
    """Raises InvalidAddress."""
    bare = text.strip()
    if bare in {"", "<>"}:
        return ""
    try:
        parse_mailbox(bare)
    except InvalidAddress as error:
        raise InvalidAddress(error.text, code=error.code, field="from") from error
    return bare


def _recipient(text: str) -> str:
    """Any text may come as a recipient, and the answer says so. Raises InvalidAddress for nothing at all."""
    bare = text.strip()
    if not bare:
        raise InvalidAddress(gettext_noop("Name at least one recipient."), code="empty", field="to")
    return bare


def _answer(recipient: Recipient, run: DryRun) -> dict[str, Any]:
    decision = recipient.decision
    return {
        "recipient": decision.recipient,
        "decision": decision.decision,
        "reason": decision.reason,
        "reason_sentence": reason_sentence(decision.reason),
        "sentence": " ".join(filter(None, recipient_sentences(recipient, run))),
        "alias": decision.log_address if decision.key else None,
        "alias_id": decision.identifier or None,
        "found_by": recipient.spelling,
        "bounced": recipient.is_bounced,
        "deliveries": [_planned(planned) for planned in recipient.planned],
    }


def _planned(planned: Planned) -> dict[str, Any]:
    return {
        "name": planned.name,
        "place": delivery_name(planned.name),
        "outcome": planned.outcome,
        "reason": planned.reason,
        "junk": planned.is_junk,
        "repeated": planned.is_repeated,
        "sentence": " ".join(planned_sentences(planned)),
    }
