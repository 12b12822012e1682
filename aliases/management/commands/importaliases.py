from __future__ import annotations

import csv
import sys
from collections import Counter
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.exchange.dialects import dialect_of, unknown_columns
from aliases.exchange.importing import Options, RowOutcome, import_aliases
from aliases.exchange.reading import read_rows
from aliases.management.console import ConsoleCommand, open_records, printable
from aliases.management.progress import add_progress_option, progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.core.management.base import CommandParser

    from aliases.exchange.importing import RowResult
    from aliases.exchange.reading import Rows

NOT_IN = (RowOutcome.REFUSED, RowOutcome.LEFT)
BY = "command line"


class Command(ConsoleCommand):
    help = (
        "Reads aliases from a CSV file: our own export, SimpleLogin's, addy.io's, or the older SQL version's. "
        "Shows what it would do; does it with --apply. A run that was broken off can simply be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the CSV file, - for standard input")
        parser.add_argument("--apply", action="store_true", help="carry it out")
        parser.add_argument("--update", action="store_true", help="give aliases that are there the file's settings")
        parser.add_argument("--destination", default="", metavar="D", help="for rows that name none")
        parser.add_argument("--add-domains", action="store_true", help="serve domains that are not served yet")
        parser.add_argument("--add-destinations", action="store_true", help="register destinations that are not yet")
        parser.add_argument("--report", default="", metavar="FILE", help="write the rows that did not go in, as CSV")
        add_progress_option(parser)

    def run(self, options: dict[str, Any]) -> None:
        store, _ = open_records()
        wanted = Options(
            apply=options["apply"],
            update=options["update"],
            destination=options["destination"],
            add_domains=options["add_domains"],
            add_destinations=options["add_destinations"],
            by=BY,
        )
        with _opened(options["file"]) as stream:
            source = read_rows(stream)
            self.introduce(source)
            totals: Counter[RowOutcome] = Counter()
            results = import_aliases(source, store.table, store.local_domains, wanted)
            with _report(options["report"], source) as write, progress_bar(options, "rows") as bar:
                for result in results:
                    totals[result.outcome] += 1
                    self.show(result, bar.write)
                    if result.outcome in NOT_IN:
                        write(result)
                    bar.update()
        self.conclude(totals, wanted)

    def introduce(self, source: Rows) -> None:
        dialect, names = dialect_of(source.header)
        self.stdout.write(f"The file is an export of {dialect.name}, in {source.encoding}.")
        if source.encoding == "latin-1":
            self.stdout.write("It is no UTF-8, so it is taken for Latin-1: look at the letters that are not ASCII.")
        if unknown := unknown_columns(dialect, names):
            self.stdout.write(f"Not read: {printable(', '.join(unknown))}.")

    def show(self, result: RowResult, say: Callable[..., None]) -> None:
        """One line for each row that did not go in, and for each value that was left out."""
        address = printable(result.address) or "no address"
        if result.outcome in NOT_IN:
            say(f"line {result.line}: {address}: {result.outcome}: {printable(result.reason)}", file=self.stdout)
        for warning in result.warnings:
            say(f"line {result.line}: {address}: {printable(warning)}", file=self.stdout)

    def conclude(self, totals: Counter[RowOutcome], wanted: Options) -> None:
        said = ", ".join(f"{totals[outcome]} {outcome}" for outcome in RowOutcome if totals[outcome])
        self.stdout.write(f"{said or 'no rows'}.")
        if not wanted.apply:
            self.stdout.write("Nothing was written: this is what --apply would do.")
        if totals[RowOutcome.REFUSED]:
            raise CommandError(f"{totals[RowOutcome.REFUSED]} rows were refused; the lines above say why.")


def _opened(name: str) -> Any:
    if name == "-":
        return nullcontext(sys.stdin.buffer)
    return Path(name).open("rb")


@contextmanager
def _report(name: str, source: Rows) -> Iterator[Callable[[RowResult], None]]:
    """Writes the rows that did not go in, with their number and reason, to be mended and imported again."""
    if not name:
        yield lambda result: None
        return
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        yield _row_writer(file, source)


def _row_writer(file: IO[str], source: Rows) -> Callable[[RowResult], None]:
    writer = csv.writer(file)
    writer.writerow([*source.header, "line", "reason"])
    width = len(source.header)

    def write(result: RowResult) -> None:
        cells = [*result.cells, *[""] * width][: max(width, len(result.cells))]
        writer.writerow([*cells, result.line, result.reason])

    return write
