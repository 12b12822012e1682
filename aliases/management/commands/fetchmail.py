from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import BUCKET_VARIABLE, ConsoleCommand, mail_bucket, printable, stored_address
from aliases.records.connection import PATIENT_LIMITS
from mailhandlers.clients import clients
from mailhandlers.fetching import Agent, BucketMail, Busy, DropFolder, FetchError, IntoMaildir, Tally, fetch
from mailhandlers.local.environment import load_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.management.base import CommandParser

    from mailhandlers.fetching import Sink, Source

CLEAR_LINE = "\r\x1b[K"


class Command(ConsoleCommand):
    help = (
        "Gets mail out of the bucket (what lies under mailbox/) or out of a drop folder: feeds each message to a "
        "command, or writes it into a Maildir, and deletes it only then. May run from cron as often as you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        where_to = parser.add_mutually_exclusive_group(required=True)
        where_to.add_argument(
            "--mda",
            metavar="COMMAND",
            help="gets a message on standard input and ends with 0 when it took it; TACOMAIL_ALIAS and "
            "TACOMAIL_MESSAGE_ID are in its environment",
        )
        where_to.add_argument("--maildir", type=Path, metavar="PATH", help="a Maildir, which must be there")
        parser.add_argument("--drop-folder", type=Path, metavar="PATH", help="fetch from this folder, not the bucket")
        parser.add_argument("--alias", default="", metavar="ADDRESS", help="only what came through this alias")
        parser.add_argument("--keep", action="store_true", help="delete nothing; the next run fetches it again")
        parser.add_argument("--limit", type=int, metavar="N", help="stop after N messages")

    def run(self, options: dict[str, Any]) -> None:
        try:
            sink = _sink(options["mda"], options["maildir"])
            source = _source(options["drop_folder"], options["alias"])
            progress = Progress(self.stderr.isatty(), lambda text: self.stderr.write(text, lambda line: line, ""))
            tally = fetch(source, sink, keep=options["keep"], limit=options["limit"], tell=progress.tell)
        except Busy as busy:
            self.stdout.write(str(busy))
            return
        except FetchError as error:
            raise CommandError(str(error)) from error
        progress.end()
        if options["verbosity"] or tally.failed:
            self.stdout.write(f"{tally.fetched} fetched, {tally.failed} failed, {tally.left} left")
        if tally.failed:
            raise CommandError("What failed stays where it is; the next run tries it again.")


def _sink(command: str | None, maildir: Path | None) -> Sink:
    return IntoMaildir.parse(maildir) if maildir is not None else Agent.parse(command or "")


def _source(drop_folder: Path | None, alias: str) -> Source:
    if drop_folder is None:
        return _bucket(stored_address(alias) if alias else "")
    if alias:
        raise FetchError("A drop folder does not tell aliases apart, so --alias works only on the bucket.")
    return DropFolder(drop_folder.absolute())


def _bucket(alias: str) -> BucketMail:
    """The bucket that the environment names; that of the running local stack where it names none.

    The table is not needed here: a machine that only reads mail may have no right to it.
    """
    if not os.environ.get(BUCKET_VARIABLE, "").strip():
        load_environment()
    return BucketMail(clients(PATIENT_LIMITS, PATIENT_LIMITS).s3, mail_bucket(), alias)


class Progress:
    """A counter on a terminal, and a line for each failure anywhere."""

    def __init__(self, is_terminal: bool, write: Callable[[str], None]) -> None:
        self._is_terminal = is_terminal
        self._write = write

    def tell(self, tally: Tally, wrong: str) -> None:
        if wrong:
            self._write(f"{CLEAR_LINE if self._is_terminal else ''}{printable(wrong)}\n")
        if self._is_terminal:
            self._write(f"{CLEAR_LINE}{tally.fetched} fetched, {tally.failed} failed, {tally.left} to go")

    def end(self) -> None:
        if self._is_terminal:
            self._write(CLEAR_LINE)
