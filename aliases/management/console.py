"""What the commands share: the way to the table, errors as one sentence, tables and JSON on standard output."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError
from django.core.management.base import BaseCommand, CommandError

from aliases.records.addresses import parse_mailbox, shown_form
from aliases.records.connection import PATIENT_LIMITS, TABLE_VARIABLE, Table
from aliases.records.exceptions import RecordError, TableError
from aliases.records.keys import sortable_time
from aliases.records.message import Reason
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from mailhandlers.bucket import BucketError, ObjectGone
from mailhandlers.config import read_config
from mailhandlers.local.environment import load_environment
from mailhandlers.logs import JsonFormatter, logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mailhandlers.config import Config

BUCKET_VARIABLE = "TACOMAIL_MAIL_BUCKET"
DETAILED = 2  # the verbosity from which the log of the mail functions is shown

# Why a message waits, as the rest of the sentence "it waits because ...".
REASONS = {
    Reason.NO_DESTINATION: "its alias has no destination that is on",
    Reason.PAUSED_DESTINATION: "its destination is paused",
    Reason.UNUSABLE_DESTINATION: "its destination cannot be understood",
    Reason.FORWARDING_UNAVAILABLE: "its destination is a mailbox elsewhere, which is not reached yet",
    Reason.ALIAS_AS_DESTINATION: "its destination is on a domain that is served here, so mail would come back",
    Reason.INFECTED: "SES found a virus in it; it is never delivered",
    Reason.SPAM: "SES takes it for spam; 'redeliver --spam' delivers it into .Junk",
    Reason.DMARC_REJECT: "its sender's domain asks to reject it; 'redeliver --spam' delivers it into .Junk",
    Reason.NO_RECIPIENT: "its envelope is lost and its header names nobody here",
    Reason.DELIVERY_ERROR: "a delivery failed",
}


class ConsoleCommand(BaseCommand):
    """A command whose errors are one clear sentence and exit status 1, without a traceback."""

    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with _clear_errors(), _closed_pipe_is_no_error(), shown_log(options["verbosity"]):
            self.run(options)

    def run(self, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def print_json(self, document: Any) -> None:
        self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))

    def print_table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Rows in columns that are as wide as what they hold."""
        lines = [list(headings), *([printable(cell) for cell in row] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except (RecordError, BucketError, ObjectGone, OSError) as error:
        raise CommandError(str(error)) from error
    except BotoCoreError as error:  # a client could not even be made: no such profile, no region
        raise CommandError(f"AWS cannot be used as it is configured: {error}") from error
    except KeyboardInterrupt as stop:
        raise CommandError("Interrupted; the same command takes up again what is left.", returncode=130) from stop


@contextmanager
def _closed_pipe_is_no_error() -> Iterator[None]:
    """`alias list | head -1` ends the reading; that is no reason to complain."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more at exit, which would complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def shown_log(verbosity: int) -> Iterator[None]:
    """The log of the mail functions goes to standard error when it is asked for, and nowhere else."""
    handler = logging.StreamHandler(sys.stderr) if verbosity >= DETAILED else logging.NullHandler()
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def command_config() -> Config:
    """The settings, of the running local stack where the environment names no table. Raises ConfigurationError."""
    load_environment()
    if not os.environ.get(TABLE_VARIABLE, "").strip():
        raise CommandError(
            f"{TABLE_VARIABLE} is not set: it names the DynamoDB table that holds the aliases. "
            "Set it, or start the local system with 'make run'."
        )
    return read_config()


def open_records() -> tuple[AliasStore, Registry]:
    """The aliases, and the domains and destinations. Raises ConfigurationError. No request is made yet."""
    config = command_config()
    table = Table.from_environment(PATIENT_LIMITS)
    return AliasStore(table, config.local_domains), Registry(table, config.local_domains)


def mail_bucket() -> str:
    """The name of the bucket. Raises CommandError."""
    name = os.environ.get(BUCKET_VARIABLE, "").strip()
    if not name:
        raise CommandError(
            f"{BUCKET_VARIABLE} is not set: it names the bucket in which SES stores mail. "
            "Set it, or start the local system with 'make run'."
        )
    return name


def for_each(texts: Sequence[str], act: Callable[[str], None]) -> None:
    """Do it for each; one that cannot be done does not stop the others. Raises CommandError with every reason."""
    wrong: list[str] = []
    for text in texts:
        try:
            act(text)
        except TableError:
            raise  # it would be the same with the others, only slower
        except RecordError as error:
            wrong.append(str(error))
    if wrong:
        raise CommandError("\n".join(wrong))


def shown_address(address: str) -> str:
    """A stored address as a person reads it."""
    local_part, at, domain = address.rpartition("@")
    return f"{local_part}{at}{shown_form(domain)}"


def shown_sender(reverse_path: str | None) -> str:
    """The envelope's sender; the null path is written as in SMTP."""
    return "unknown" if reverse_path is None else reverse_path or "<>"


def stored_address(address: str) -> str:
    """An address as records hold it. Raises InvalidAddress."""
    mailbox = parse_mailbox(address)
    return f"{mailbox.local_part.lower()}@{mailbox.domain}"


def moment(unix_seconds: int | None) -> str:
    return sortable_time(unix_seconds) if unix_seconds else "-"


def shown_size(octets: int) -> str:
    if octets < 1024:
        return f"{octets} B" if octets else "-"
    return f"{octets / 1024:.0f} KiB" if octets < 1024**2 else f"{octets / 1024**2:.1f} MiB"


def because(reason: str) -> str:
    """A reason in words."""
    return REASONS.get(Reason(reason), reason.replace("_", " ")) if reason in set(Reason) else reason or "unknown"


def printable(text: str) -> str:
    """Text from a sender, without what would steer the terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
