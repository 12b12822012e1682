"""What moto's SES lacks, added to its response classes: works over HTTP and inside `mock_aws` alike.

moto has no SendBounce and can neither delete nor reorder receipt rules. Its raw sending decodes the message as UTF-8
and adds the people of To and Cc to the given destinations; SES takes any bytes and sends to exactly those given.
Storing an object makes it look for Docker to run the notified function; `notifications.py` calls that function.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult
from moto.s3 import notifications as moto_notifications
from moto.ses.exceptions import (
    InvalidParameterValue,
    MessageRejectedError,
    RuleDoesNotExist,
    RuleSetDoesNotExist,
    ValidationError,
)
from moto.ses.models import RECIPIENT_LIMIT, RawMessage, SESBackend
from moto.ses.responses import EmailResponse
from moto.ses.utils import get_random_message_id, is_valid_address
from moto.sesv2.responses import SESV2Response

from mailhandlers.local.trace import first_value, header_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.ses.models import Message


@dataclass(frozen=True, slots=True)
class SentMail:
    """One message that left through SendRawEmail or SendEmail, with the bytes as given."""

    message_id: str
    reverse_path: str
    recipients: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One entry of SendBounce. `status` and `diagnostic` are empty where the caller left them to SES."""

    recipient: str
    bounce_type: str = ""
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class SentBounce:
    """One accepted SendBounce."""

    message_id: str
    original_message_id: str
    sender: str
    recipients: tuple[BouncedRecipient, ...]
    explanation: str = ""


Sent = SentMail | SentBounce


class _Listener:
    """Who is told of everything sent; nobody by default."""

    tell: Callable[[Sent], None] | None = None


def listen(tell: Callable[[Sent], None] | None) -> None:
    """Have `tell` called for everything that is sent, before the sender gets its answer. None stops that."""
    _Listener.tell = tell


def sent_bounces(backend: SESBackend) -> list[SentBounce]:
    """The bounces that a backend has accepted, oldest first."""
    return [sent for sent in backend.sent_messages if isinstance(sent, SentBounce)]


def extend_moto() -> None:
    """Add what is missing. Repeating it does no harm; inside `mock_aws` as outside."""
    for owner, methods in _EXTENSIONS.items():
        for name, method in methods.items():
            setattr(owner, name, method)


def _leave_to_us(account_id: str, event_body: Any, fn_arn: str, region_name: str) -> None:
    """In the place of moto's call of a notified function."""


def _tell(sent: Sent) -> None:
    if _Listener.tell is not None:
        _Listener.tell(sent)


def _send_bounce(self: EmailResponse) -> ActionResult:
    original = self._get_param("OriginalMessageId")
    sender = self._get_param("BounceSender")
    entries = self._get_param("BouncedRecipientInfoList") or []
    if not original or not sender or not entries:
        raise ValidationError("OriginalMessageId, BounceSender and BouncedRecipientInfoList must not be empty.")
    _check_verified(self.backend, sender)
    bounce = SentBounce(
        get_random_message_id(),
        original,
        sender,
        tuple(_bounced_recipient(entry) for entry in entries),
        self._get_param("Explanation") or "",
    )
    self.backend.sent_messages.append(bounce)
    _tell(bounce)
    return ActionResult({"MessageId": bounce.message_id})


def _bounced_recipient(entry: dict[str, Any]) -> BouncedRecipient:
    fields = entry.get("RecipientDsnFields") or {}
    return BouncedRecipient(
        entry["Recipient"],
        entry.get("BounceType", ""),
        fields.get("Status", ""),
        fields.get("DiagnosticCode", ""),
    )


def _check_verified(backend: SESBackend, mailbox: str) -> None:
    address = parseaddr(mailbox)[1]
    identities = {name.lower() for name in backend.list_identities(None)}
    domain = address.rpartition("@")[2].lower()
    parents = {domain, *(domain[i + 1 :] for i, letter in enumerate(domain) if letter == ".")}
    if address.lower() not in identities and not parents & identities:
        backend.rejected_messages_count += 1
        raise MessageRejectedError(f"Email address is not verified: {address}")


def _delete_receipt_rule(self: EmailResponse) -> EmptyResult:
    rule_set = _rule_set(self)
    name = self._get_param("RuleName")
    rule_set.rules[:] = [rule for rule in rule_set.rules if rule["Name"] != name]
    return EmptyResult()


def _reorder_receipt_rule_set(self: EmailResponse) -> EmptyResult:
    rule_set = _rule_set(self)
    names = self._get_param("RuleNames") or []
    present = {rule["Name"]: rule for rule in rule_set.rules}
    unknown = [name for name in names if name not in present]
    if unknown:
        raise RuleDoesNotExist(f"Rule does not exist: {unknown[0]}")
    if sorted(names) != sorted(present):
        raise ValidationError("The new order must name every rule of the rule set exactly once.")
    rule_set.rules[:] = [present[name] for name in names]
    return EmptyResult()


def _rule_set(response: EmailResponse) -> Any:
    name = response._get_param("RuleSetName")
    if name not in response.backend.receipt_rule_set:
        raise RuleSetDoesNotExist(f"Rule set does not exist: {name}")
    return response.backend.receipt_rule_set[name]


def _send_raw_email(self: EmailResponse) -> ActionResult:
    data = self._get_param("RawMessage.Data")
    destinations = self._get_param("Destinations") or []
    return ActionResult({"MessageId": _send_raw(self.backend, self._get_param("Source"), destinations, data)})


def _send_raw(backend: SESBackend, source: str | None, destinations: list[str], data: bytes) -> str:
    fields = header_fields(data)
    author = first_value(fields, "From")
    if source is None and author is None:
        raise MessageRejectedError("Source not specified")
    for sender in (source, author):
        if sender is not None:
            _check_verified(backend, sender)
    recipients = destinations or _header_recipients(fields)
    if not 0 < len(recipients) <= RECIPIENT_LIMIT:
        raise InvalidParameterValue(f"Recipient count is {len(recipients)}; it must be from 1 to {RECIPIENT_LIMIT}.")
    for address in recipients:
        problem = is_valid_address(address)
        if problem is not None:
            raise InvalidParameterValue(problem)
    reverse_path = parseaddr(source or author or "")[1]
    sent = SentMail(get_random_message_id(), reverse_path, tuple(recipients), data)
    text = data.decode("utf-8", "surrogateescape")
    backend.sent_messages.append(RawMessage(sent.message_id, reverse_path, list(recipients), text))
    backend.sent_message_count += len(recipients)
    _tell(sent)
    return sent.message_id


def _header_recipients(fields: list[tuple[str, str]]) -> list[str]:
    values = [value for name, value in fields if name.lower() in {"to", "cc", "bcc"}]
    return [address for _, address in getaddresses(values) if address]


def _send_email_v2(self: SESV2Response) -> str:
    """Raw content by our rules, everything else by moto's."""
    parameters = json.loads(self.body)
    content = parameters.get("Content", {})
    if "Raw" not in content:
        return _MOTO_SEND_EMAIL_V2(self)
    destination = parameters.get("Destination", {})
    kinds = ("ToAddresses", "CcAddresses", "BccAddresses")
    recipients = [address for kind in kinds for address in destination.get(kind, [])]
    data = base64.b64decode(content["Raw"]["Data"])
    backend = self.sesv2_backend.core_backend
    return json.dumps({"MessageId": _send_raw(backend, parameters.get("FromEmailAddress"), recipients, data)})


def _send_email(self: SESBackend, source: str, subject: str, body: str, destinations: dict[str, list[str]]) -> Message:
    """Plain SendEmail of either API, told as a message of our own making."""
    message = _MOTO_SEND_EMAIL(self, source, subject, body, destinations)
    recipients = tuple(address for addresses in destinations.values() for address in addresses)
    lines = (f"From: {source}", f"To: {', '.join(recipients)}", f"Subject: {subject}", "", body, "")
    _tell(SentMail(message.id, parseaddr(source)[1], recipients, "\r\n".join(lines).encode()))
    return message


_MOTO_SEND_EMAIL = SESBackend.send_email
_MOTO_SEND_EMAIL_V2 = SESV2Response.send_email

_EXTENSIONS: dict[Any, dict[str, Callable[..., Any]]] = {
    EmailResponse: {
        "send_bounce": _send_bounce,
        "delete_receipt_rule": _delete_receipt_rule,
        "reorder_receipt_rule_set": _reorder_receipt_rule_set,
        "send_raw_email": _send_raw_email,
    },
    SESBackend: {"send_email": _send_email},
    SESV2Response: {"send_email": _send_email_v2},
    moto_notifications: {"_invoke_awslambda": _leave_to_us},
}
