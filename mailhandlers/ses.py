"""The function that SES asks, while the sender's server waits, whether a message is taken.

Entry: `mailhandlers.ses.handler`. It answers within 20 s and never raises: SES gives 30 s, and what it does after
that is not documented. The sum of the worst case: the read starts at 0 s and may take 9 s (two tries of 4 s and a
pause), a write starts before 5 s or not at all and may take 9 s, saving the envelope in the bucket takes 4 s.
"""

from __future__ import annotations

import logging
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from aliases.records.connection import MAIL_LIMITS, Limits
from aliases.records.envelope import read_envelope
from aliases.records.exceptions import ConfigurationError, TableError, TableUnavailable
from aliases.records.message import Message, undecided
from aliases.records.messages import MessageStore
from mailhandlers.bucket import Bucket, BucketError, ObjectGone
from mailhandlers.clients import Clients, clients
from mailhandlers.config import RuleLayout, read_config, rule_layout
from mailhandlers.disposition import ANSWERS, Disposition, judge
from mailhandlers.logs import configure, log
from mailhandlers.patience import within
from mailhandlers.plan import settlements
from mailhandlers.receipt import Receipt, bounce_forbidden, read_receipt
from mailhandlers.written import decided_message, filled_in, news

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.envelope import EnvelopeRecords
    from mailhandlers.config import Config
    from mailhandlers.events import SesAnswer

T = TypeVar("T")

READ_SECONDS = 3.0  # no further request of the read starts after this
TABLE_SECONDS = 9.0  # for a read, and for a write, altogether
BUCKET_SECONDS = 4.5
MOST_ADDS = 3
WRITE_SECONDS = 5.0  # the table is written only if it answered within this
ENVELOPE_LIMITS = Limits(connect_seconds=2.0, read_seconds=2.0, attempts=1)


def handler(event: Any, context: object) -> SesAnswer:
    """Answer SES. Whatever goes wrong, the message is accepted and the S3 side decides.

    Cost: 1 read and 1 write for up to 97 plain recipients, none for an event that is not from SES.
    """
    configure()
    started = time.monotonic()
    receipt = None
    try:
        receipt = read_receipt(event)
        if receipt is None:
            log(logging.WARNING, "not an event of a receipt rule")
            disposition = Disposition.ACCEPT
        else:
            disposition = _answer(receipt, started)
    except Exception:  # noqa: BLE001  good mail is never bounced because of a fault of ours
        log(logging.ERROR, "accepted undecided", message_id=receipt.message_id if receipt else None, exc_info=True)
        disposition = Disposition.ACCEPT
        _save_undecided(receipt)
    return {"disposition": ANSWERS[_layout()][disposition]}


def _layout() -> RuleLayout:
    try:
        return rule_layout(os.environ)
    except ConfigurationError as error:
        log(logging.ERROR, "configuration", error=str(error))
        return RuleLayout.SINGLE


def _answer(receipt: Receipt, started: float) -> Disposition:
    config = read_config()
    reached = clients(MAIL_LIMITS, ENVELOPE_LIMITS)
    records = _read(reached, receipt, started)
    known = records.message if records is not None else None
    if known is not None:
        receipt = replace(receipt, verdicts=filled_in(receipt.verdicts, known.verdicts))
    message = decided_message(receipt, records, config)
    _write_down(reached, message, known, config, started)
    log(
        logging.INFO,
        "decided",
        message_id=message.message_id,
        disposition=message.disposition,
        recipients=[[d.recipient, d.decision, d.reason] for d in message.decisions],
    )
    return Disposition(message.disposition)


def _read(reached: Clients, receipt: Receipt, started: float) -> EnvelopeRecords | None:
    """The records about the envelope, or None when the table gives no answer."""
    try:
        reached.table.open()
        return _of_table(
            lambda: read_envelope(reached.table, receipt.recipients, receipt.message_id, started + READ_SECONDS)
        )
    except TableError as error:
        log(
            logging.ERROR, "the table does not answer", message_id=receipt.message_id, code=error.code, error=str(error)
        )
        return None


def _of_table(work: Callable[[], T]) -> T:
    """Work on the table, bounded as a whole: its client bounds only each wait for the next octets."""
    try:
        return within(TABLE_SECONDS, work)
    except TimeoutError as error:
        raise TableUnavailable("The table was too slow.", code="too_slow") from error


def _write_down(reached: Clients, message: Message, known: Message | None, config: Config, started: float) -> None:
    """Write the message (accepted) or its log and counters (refused, ignored) down, once.

    `known` is what is written down already. An accepted message stays written down as such, since SES may have stored
    it.

    Where the table takes no write, an accepted envelope goes to the bucket; a refused one is only logged, since the
    answer to SES is right without it.
    """
    if not message.message_id:
        log(logging.ERROR, "no message id, so the envelope cannot be written down")
        return
    accepted = message.disposition == Disposition.ACCEPT
    written = news(message, known)
    if written is None:
        log(logging.INFO, "asked again", message_id=message.message_id)
        return
    try:
        if time.monotonic() - started > WRITE_SECONDS:
            raise TableError("The table was too slow to be asked again.", code="too_slow")
        store = MessageStore(reached.table, config.log_days)
        if accepted:
            _of_table(lambda: _add(store, message, known))
        else:
            content = judge(message.verdicts, config.spam_action)
            _of_table(lambda: store.settle(written, settlements(written, content, config), in_place_of=known))
    except TableError as error:
        log(logging.ERROR, "not written down in the table", message_id=message.message_id, error=str(error))
        if accepted:
            _save_envelope(reached, message, config.bucket)


def _add(store: MessageStore, message: Message, known: Message | None) -> None:
    """Write an accepted message down; what another rule writes in between is kept. Raises TableError."""
    for _ in range(MOST_ADDS):
        written = news(message, known)
        if written is None or store.add(written, known):
            return
        known = store.get(message.message_id)
    raise TableUnavailable(f"The record of {message.message_id} does not keep still.", code="busy")


def _save_undecided(receipt: Receipt | None) -> None:
    """Save the envelope in the bucket after a fault that kept it out of the table. Never raises."""
    if receipt is None or not receipt.message_id or not receipt.recipients:
        return
    try:
        message = Message(
            message_id=receipt.message_id,
            reverse_path=receipt.reverse_path,
            received=receipt.received,
            recipients=receipt.recipients,
            decisions=undecided(receipt.recipients),
            verdicts=receipt.verdicts,
            bounce_forbidden=bounce_forbidden(receipt) or "",
            disposition=Disposition.ACCEPT,
        )
        bucket = os.environ.get("TACOMAIL_MAIL_BUCKET", "").strip()
        _save_envelope(clients(MAIL_LIMITS, ENVELOPE_LIMITS), message, bucket)
    except Exception:  # noqa: BLE001  the answer to SES must go out
        log(logging.ERROR, "envelope not saved", message_id=receipt.message_id, exc_info=True)


def _save_envelope(reached: Clients, message: Message, bucket: str) -> None:
    if not bucket:
        log(logging.ERROR, "envelope not saved: TACOMAIL_MAIL_BUCKET is not set", message_id=message.message_id)
        return
    try:
        saved = replace(message, envelope_saved=True)
        within(BUCKET_SECONDS, lambda: Bucket(reached.s3).put_envelope(bucket, saved))
    except (BucketError, ObjectGone, TimeoutError) as error:  # the S3 side has one more way to find the recipients
        log(logging.ERROR, "envelope not saved", message_id=message.message_id, error=str(error))
    else:
        log(logging.WARNING, "envelope saved in the bucket", message_id=message.message_id)
