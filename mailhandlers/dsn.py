"""The bounce for those recipients of an accepted message who are refused: one SendBounce that lists just them.

https://docs.aws.amazon.com/ses/latest/APIReference/API_SendBounce.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.addresses import parse_mailbox
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_ses.type_defs import BouncedRecipientInfoTypeDef, SendBounceRequestTypeDef

    from aliases.records.message import RecipientDecision

# Enhanced status codes, RFC 3463: 5.1.1 bad destination mailbox address, 5.2.1 mailbox disabled.
STATUS = {Reason.INACTIVE_ALIAS: "5.2.1"}
UNKNOWN = "5.1.1"
EXPLANATION = "The address does not exist, or does not accept mail."


def bounce_request(message_id: str, refused: Sequence[RecipientDecision], sender: str) -> SendBounceRequestTypeDef:
    """The arguments of SendBounce. `sender` is empty where mailer-daemon at the alias's own domain shall send it.

    No text of the message goes in: a line break in it would start another header field.
    """
    return {
        "OriginalMessageId": message_id,
        "BounceSender": sender or f"mailer-daemon@{_domain(refused)}",
        "Explanation": EXPLANATION,
        "BouncedRecipientInfoList": [_info(decision) for decision in refused],
    }


def daemon_of(decisions: Sequence[RecipientDecision]) -> str:
    """mailer-daemon at the domain of an alias of the message, which surely is ours; empty where no alias was found."""
    domain = next((decision.sub_domain for decision in decisions if decision.sub_domain), "")
    return f"mailer-daemon@{domain}" if domain else ""


def _domain(refused: Sequence[RecipientDecision]) -> str:
    """The domain of the first recipient on a domain that is served: SES lets only verified ones send."""
    served = [decision for decision in refused if decision.reason is not Reason.UNSERVED_DOMAIN]
    for decision in served or refused:
        try:
            return parse_mailbox(decision.recipient).domain
        except InvalidAddress:
            continue
    return "localhost"


def _info(decision: RecipientDecision) -> BouncedRecipientInfoTypeDef:
    return {
        "Recipient": decision.recipient,
        "RecipientDsnFields": {"Action": "failed", "Status": STATUS.get(decision.reason, UNKNOWN)},
    }
