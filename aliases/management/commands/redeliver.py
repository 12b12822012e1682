from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import ConsoleCommand, because, command_config, mail_bucket, printable
from aliases.records.exceptions import TableError
from aliases.records.message import Outcome
from aliases.services import COMMAND_LINE
from aliases.services.heldmail.acting import sent_entry
from aliases.services.histories import write_down
from mailhandlers.bucket import BucketError, ObjectGone
from mailhandlers.redelivery import (
    RETRIED_MINUTES,
    Ending,
    chosen_destination,
    held,
    left_behind,
    leftover_envelopes,
    named,
    redeliver,
)
from mailhandlers.s3 import open_rooms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.management.base import CommandParser

    from aliases.records.message import Target
    from mailhandlers.delivery import Rooms
    from mailhandlers.redelivery import Candidate, Report

# In the order of the summary.
SUMMARY = {
    Ending.WAITING: "would be tried",
    Ending.DELIVERED: "delivered",
    Ending.FINISHED: "finished before",
    Ending.HELD: "still held",
    Ending.KEPT: "kept",
    Ending.GONE: "gone",
    Ending.FAILED: "failed",
}


class Command(ConsoleCommand):
    help = "Delivers what the retries did not: messages by id, all that are held, or (default) all left behind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("message_id", nargs="*")
        parser.add_argument("--held", action="store_true", help="every message that waits with a reason (see 'held')")
        parser.add_argument(
            "--older-than",
            type=float,
            default=RETRIED_MINUTES,
            metavar="MINUTES",
            help=f"with neither ids nor --held: what has lain in the bucket longer; default {RETRIED_MINUTES}",
        )
        parser.add_argument("--spam", action="store_true", help="deliver what is held as spam too, into .Junk")
        parser.add_argument(
            "--to",
            metavar="DESTINATION",
            help="send what waits there instead, spam too (into .Junk); with message ids or --held",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be tried")

    def run(self, options: dict[str, Any]) -> None:
        if options["held"] and options["message_id"]:
            raise CommandError("Give message ids or --held, not both.")
        if options["to"] is not None and not (options["held"] or options["message_id"]):
            raise CommandError("Say which messages go there: give message ids, or --held for all that wait.")
        config = command_config()
        mail_bucket()
        rooms = open_rooms(config)
        destination = None if options["to"] is None else chosen_destination(rooms, options["to"])
        counts: Counter[Ending] = Counter()
        for report in self.reports(rooms, destination, options):
            counts[report.ending] += 1
            self.stdout.write(printable(line(report)))
        wrong = self.sweep(rooms, dry_run=options["dry_run"])
        self.stdout.write(summary(counts))
        if counts[Ending.FAILED]:
            wrong.insert(0, f"{counts[Ending.FAILED]} of {counts.total()} messages failed.")
        if wrong:
            raise CommandError(" ".join(wrong))

    def reports(self, rooms: Rooms, destination: Target | None, options: dict[str, Any]) -> Iterator[Report]:
        """What became of each. What was sent elsewhere goes into the history, as when it is done on the site."""
        for candidate in self.candidates(rooms, options):
            report = redeliver(
                rooms, candidate, release_spam=options["spam"], destination=destination, dry_run=options["dry_run"]
            )
            if destination is not None and report.ending is Ending.DELIVERED:
                write_down(sent_entry(report, destination.destination, COMMAND_LINE))
            yield report

    def candidates(self, rooms: Rooms, options: dict[str, Any]) -> Iterable[Candidate]:
        if options["message_id"]:
            return named(rooms, options["message_id"])
        if options["held"]:
            return list(held(rooms))  # first all, then act: what is delivered leaves the index meanwhile
        try:
            before = datetime.now(UTC) - timedelta(minutes=options["older_than"])
        except (OverflowError, ValueError) as error:
            raise CommandError(f"--older-than {options['older_than']} is no number of minutes.") from error
        return left_behind(rooms, before)

    def sweep(self, rooms: Rooms, *, dry_run: bool) -> list[str]:
        """Delete saved envelopes that nobody needs any more; what went wrong."""
        try:
            for envelope in leftover_envelopes(rooms):
                if not dry_run:
                    with suppress(ObjectGone):  # another run deleted it first
                        rooms.bucket.delete(envelope)
                self.stdout.write(f"{envelope.key} {'would be' if dry_run else 'is'} deleted: its message is finished")
        except (BucketError, TableError) as error:
            return [f"Leftover envelopes were not deleted: {error}"]
        return []


def line(report: Report) -> str:
    match report.ending:
        case Ending.DELIVERED:
            said = _delivered(report)
        case Ending.FINISHED:
            said = f"finished before: {_delivered(report)}"
        case Ending.HELD:
            said = f"still held because {because(report.reason)}"
        case Ending.FAILED:
            said = f"failed because {str(report.error) or _errors(report) or because(report.reason)}"
        case Ending.GONE:
            said = "gone: its object is no longer in the bucket, so it is taken off the list; see its log"
        case Ending.KEPT:
            said = "kept: SES stored it although it was told not to; check the receipt rules"
        case Ending.WAITING:
            said = "would be tried" + (f"; it waits because {because(report.reason)}" if report.reason else "")
    return f"{report.message_id}  {said}"


def _delivered(report: Report) -> str:
    names = [name for name, result in report.results.items() if result.outcome is Outcome.DELIVERED]
    return f"delivered to {', '.join(names)}" if names else "finished, nobody was to get it"


def _errors(report: Report) -> str:
    return "; ".join(f"{name}: {result.error}" for name, result in report.results.items() if result.error)


def summary(counts: Counter[Ending]) -> str:
    if not counts:
        return "Nothing to redeliver."
    parts = [f"{counts[ending]} {said}" for ending, said in SUMMARY.items() if counts[ending]]
    noun = "message" if counts.total() == 1 else "messages"
    return f"{counts.total()} {noun}: {', '.join(parts)}."
