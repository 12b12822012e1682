"""What became of a message, as activity and held mail both show it: its deliveries, and the checks of Amazon SES."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from aliases.api.v1.schemas import Moment
from aliases.api.v1.words import word_of
from aliases.records.message import Message, Outcome, Reason
from aliases.services.activity import Delivery
from aliases.wording.outcomes import CHECK_NAMES, OUTCOME_SENTENCES, VERDICT_NAMES, delivery_name, reason_sentence
from aliases.wording.verdicts import verdict_sentence


class DeliveryOut(Schema):
    name: str = Field(description="What it is called in the records, such as `maildir/alice`.")
    place: str = Field(description="Where it goes, for people.")
    outcome: Annotated[str, word_of(Outcome, about="What became of it.")]
    reason: Annotated[str, word_of(Reason, about="Why; empty where there is nothing to say.")]
    reason_sentence: str = Field(description="The same for people.")
    error: str = Field(description="What was said when it failed; empty where it did not.")
    at: Moment | None


class VerdictOut(Schema):
    check: Annotated[str, word_of(CHECK_NAMES, about="What Amazon SES looked at.")]
    verdict: Annotated[
        str,
        word_of(VERDICT_NAMES, ("none", "quarantine", "reject"), about="What it found; of `dmarc_policy`, a policy."),
    ]
    sentence: str = Field(description="What that means, for people; empty where nobody knows.")


def delivery_rows(deliveries: Iterable[Delivery]) -> Iterator[dict[str, Any]]:
    for delivery in deliveries:
        yield {
            "name": delivery.name,
            "place": delivery_name(delivery.name),
            "outcome": delivery.outcome,
            "reason": delivery.reason,
            "reason_sentence": reason_sentence(delivery.reason),
            "error": delivery.error,
            "at": delivery.at,
        }


def deliveries_of(message: Message) -> Iterator[Delivery]:
    for name, result in sorted(message.results.items()):
        at = datetime.fromtimestamp(result.at, UTC) if result.at else None
        yield Delivery(name, str(result.outcome), result.reason, result.error, at)


def verdict_rows(verdicts: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for check, verdict in verdicts.items():
        yield {"check": check, "verdict": verdict, "sentence": verdict_sentence(check, verdict)}


def verdicts_of(message: Message) -> dict[str, str]:
    found = {name: str(getattr(message.verdicts, name)) for name in message.verdicts.__slots__}
    return {name: verdict for name, verdict in found.items() if verdict}


def outcome_sentence(outcome: str) -> str:
    return str(OUTCOME_SENTENCES[Outcome(outcome)]) if outcome in set(Outcome) else ""
