"""Plays the receiving half of SES: the actions of the active receipt rule set, read back for each message."""

from __future__ import annotations

import logging
import secrets
import string
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, cast

from mailhandlers.local.bounces import FailedRecipient
from mailhandlers.local.matching import is_accepted, matched_recipients
from mailhandlers.local.notifications import StoredObject
from mailhandlers.local.ses_event import ses_event
from mailhandlers.local.trace import Client, header_field, trace_header
from mailhandlers.local.verdicts import Verdicts, verdicts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient

    from mailhandlers.local.functions import Functions
    from mailhandlers.local.notifications import Notifications
    from mailhandlers.local.outbox import Outbox

    Rule = dict[str, Any]

logger = logging.getLogger(__name__)

MESSAGE_ID_ALPHABET = string.ascii_lowercase + string.digits
MESSAGE_ID_LENGTH = 40


class Flow(Enum):
    """How to go on after an action."""

    CONTINUE = auto()  # with the next action
    STOP_RULE = auto()  # with the next rule
    STOP_RULE_SET = auto()  # not at all


def new_message_id() -> str:
    """A message id as SES makes them."""
    return "".join(secrets.choice(MESSAGE_ID_ALPHABET) for _ in range(MESSAGE_ID_LENGTH))


@dataclass(slots=True)
class Incoming:
    """One message as the SMTP dialogue delivered it. `added` grows with each AddHeader action."""

    reverse_path: str
    recipients: tuple[str, ...]
    data: bytes
    client: Client = field(default_factory=Client)
    message_id: str = field(default_factory=new_message_id)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.monotonic)
    added: bytes = b""

    def stored_form(self, verdicts: Verdicts, region: str) -> bytes:
        """SES's fields, then added ones, then the message's own bytes."""
        trace = trace_header(
            self.message_id, self.reverse_path, self.recipients[0], self.client, verdicts, self.moment, region
        )
        return b"".join((trace, self.added, self.data))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The active receipt rules and the verified identities, as they were when a message began."""

    rules: tuple[Rule, ...]
    verified: frozenset[str]

    def accepts(self, recipient: str) -> bool:
        """Whether SES takes mail for this recipient; if not, it refuses it in the SMTP dialogue."""
        return is_accepted(recipient, self.rules, self.verified)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Runs receipt rules. `before_message` brings the rules up to date with the served domains."""

    ses: SESClient
    s3: S3Client
    functions: Functions
    notifications: Notifications
    outbox: Outbox
    region: str
    before_message: Callable[[], None] = lambda: None

    def rule_set(self) -> RuleSet:
        """The rules for one message. None are active, or no set at all: then nothing is accepted."""
        self.before_message()
        active = cast("dict[str, Any]", self.ses.describe_active_receipt_rule_set())
        identities = self.ses.list_identities()["Identities"]
        return RuleSet(tuple(active.get("Rules", [])), frozenset(name.lower() for name in identities))

    def receive(self, incoming: Incoming, rule_set: RuleSet) -> None:
        """Run the rules over one message. Whatever fails is raised, so that the sender tries again later."""
        verdicts = verdicts_of(incoming.data)
        for rule in rule_set.rules:
            recipients = matched_recipients(rule, incoming.recipients, rule_set.verified)
            if not rule.get("Enabled") or not recipients:
                continue
            seen = verdicts if rule.get("ScanEnabled") else verdicts.unscanned()
            if self._run_rule(rule, incoming, recipients, seen) is Flow.STOP_RULE_SET:
                return

    def _run_rule(self, rule: Rule, incoming: Incoming, recipients: tuple[str, ...], verdicts: Verdicts) -> Flow:
        for action in rule.get("Actions", []):
            flow = self._run_action(action, incoming, recipients, verdicts)
            logger.debug("%s: rule %s, action %s: %s", incoming.message_id, rule["Name"], next(iter(action)), flow)
            if flow is not Flow.CONTINUE:
                return flow
        return Flow.CONTINUE

    def _run_action(self, action: Rule, incoming: Incoming, recipients: tuple[str, ...], verdicts: Verdicts) -> Flow:
        match action:
            case {"AddHeaderAction": wanted}:
                incoming.added += header_field(wanted["HeaderName"], wanted["HeaderValue"])
            case {"LambdaAction": wanted}:
                return self._invoke(wanted, incoming, recipients, verdicts)
            case {"S3Action": wanted}:
                self._store(wanted, incoming, verdicts)
            case {"BounceAction": wanted}:
                self._bounce(wanted, incoming, recipients)
            case {"StopAction": _}:
                return Flow.STOP_RULE_SET
            case _:
                logger.warning("%s: the action %s is not played here", incoming.message_id, next(iter(action)))
        return Flow.CONTINUE

    def _invoke(self, action: Rule, incoming: Incoming, recipients: tuple[str, ...], verdicts: Verdicts) -> Flow:
        event = ses_event(
            message_id=incoming.message_id,
            reverse_path=incoming.reverse_path,
            header=incoming.stored_form(verdicts, self.region),
            recipients=recipients,
            verdicts=verdicts,
            action=action,
            moment=incoming.moment,
            milliseconds=round((time.monotonic() - incoming.started) * 1000),
        )
        arn = action["FunctionArn"]
        if action.get("InvocationType") != "RequestResponse":
            self.functions.invoke_later(arn, event, incoming.message_id)
            return Flow.CONTINUE
        try:
            answer = self.functions.invoke(arn, event)
        except Exception:  # AWS does not say what SES does then; without a valid answer it goes on
            logger.exception("%s: %s failed", incoming.message_id, arn)
            return Flow.CONTINUE
        return flow_of(answer)

    def _store(self, action: Rule, incoming: Incoming, verdicts: Verdicts) -> None:
        bucket, key = action["BucketName"], f"{action.get('ObjectKeyPrefix', '')}{incoming.message_id}"
        data = incoming.stored_form(verdicts, self.region)
        put = self.s3.put_object(Bucket=bucket, Key=key, Body=data)
        logger.info("%s: stored as %s", incoming.message_id, key)
        self.notifications.stored(StoredObject(bucket, key, len(data), put["ETag"], put.get("VersionId", "")))

    def _bounce(self, action: Rule, incoming: Incoming, recipients: tuple[str, ...]) -> None:
        if not incoming.reverse_path:  # a bounce must never be answered by another
            logger.info("%s: no bounce to a null reverse-path", incoming.message_id)
            return
        status = action.get("StatusCode", "5.0.0")
        diagnostic = f"smtp; {action['SmtpReplyCode']} {status} {action['Message']}"
        failed = [FailedRecipient(recipient, status, diagnostic) for recipient in recipients]
        self.outbox.bounce(incoming.message_id, action["Sender"], incoming.reverse_path, failed)
        logger.info("%s: bounced to %s", incoming.message_id, incoming.reverse_path)


def flow_of(answer: Any) -> Flow:
    """A function's answer, in exactly the words that SES knows; everything else, or nothing, is CONTINUE."""
    word = answer.get("disposition") if isinstance(answer, dict) else None
    match word:
        case "STOP_RULE":
            return Flow.STOP_RULE
        case "STOP_RULE_SET":
            return Flow.STOP_RULE_SET
        case _:
            return Flow.CONTINUE
