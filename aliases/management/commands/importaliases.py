from __future__ import annotations

import csv
import io
import sys
from collections import Counter, deque
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.exchange.dialects import REPORT_COLUMNS, column_names, dialect_of, unknown_columns
from aliases.exchange.importing import import_aliases
from aliases.exchange.reading import UnreadableFile, read_rows
from aliases.exchange.results import Options, Reason, RowOutcome
from aliases.exchange.values import guarded
from aliases.management.commands.dump import counted, target
from aliases.management.console import ConsoleCommand, open_records, printable
from aliases.management.progress import add_progress_option, progress_bar
from aliases.records.exceptions import TableError
from aliases.services import COMMAND_LINE
from aliases.services.histories import write_down
from mailhandlers.local.persistence import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from django.core.management.base import CommandParser
    from tqdm import tqdm

    from aliases.exchange.reading import Rows
    from aliases.exchange.results import RowResult

NOT_IN = (RowOutcome.REFUSED, RowOutcome.LEFT)
HINTS: dict[str, str] = {
    Reason.NOT_SERVED: "or use --add-domains",
    Reason.NO_DESTINATION: "name one for such rows with --destination",
    Reason.OTHER_SETTINGS: "--update gives it those of the file",
}
AGAIN = "The same command goes on: what is in already stays as it is."


class Command(ConsoleCommand):
    help = (
        "Reads aliases from a CSV file: our own export, SimpleLogin's, addy.io's, or the older SQL version's. "
        "Shows what it would do; does it with --apply. A run that was broken off can simply be repeated. "
        "Ends with 1 when rows were refused; all others are in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the CSV file, - for standard input")
        parser.add_argument("--apply", action="store_true", help="carry it out")
        parser.add_argument("--update", action="store_true", help="give aliases that are there the file's settings")
        parser.add_argument("--destination", default="", metavar="D", help="for new aliases whose row names none")
        parser.add_argument("--add-domains", action="store_true", help="serve domains that are not known yet")
        parser.add_argument("--add-destinations", action="store_true", help="register destinations that are not yet")
        parser.add_argument(
            "--report", default="", metavar="FILE", help="write the rows that did not go in, as CSV to mend and import"
        )
        add_progress_option(parser)

    def run(self, options: dict[str, Any]) -> None:
        store, _ = open_records()
        report = report_file(options["report"])
        wanted = Options(
            apply=options["apply"],
            update=options["update"],
            destination=options["destination"],
            add_domains=options["add_domains"],
            add_destinations=options["add_destinations"],
            by=COMMAND_LINE,
        )
        totals: Counter[RowOutcome] = Counter()
        with opened(options["file"]) as stream:
            source = read_rows(stream)
            self.introduce(source)
            with (
                explained(totals, wanted),
                closing(import_aliases(source, store.table, store.local_domains, wanted, write_down)) as results,
            ):
                lines = report_lines(source.header, self.told(results, totals, options))
                if report:
                    write_atomically(report, lines)  # a new file has mode 0600, and may take the place of the source
                else:
                    deque(lines, maxlen=0)
        self.conclude(totals, wanted)

    def introduce(self, source: Rows) -> None:
        dialect, names = dialect_of(source.header)
        self.stdout.write(f"The file is an export of {dialect.name}, in {source.encoding}.")
        if source.encoding == "latin-1":
            self.stdout.write("It is no UTF-8, so it is taken for Latin-1: look at the letters that are not ASCII.")
        if unknown := unknown_columns(dialect, names):
            self.stdout.write(f"Not read: {printable(', '.join(unknown))}.")

    def told(
        self, results: Iterable[RowResult], totals: Counter[RowOutcome], options: dict[str, Any]
    ) -> Iterator[RowResult]:
        """The rows that did not go in, after they and all odd values were shown."""
        with progress_bar(options, "rows") as bar:
            for result in results:
                totals[result.outcome] += 1
                for line in lines_about(result):
                    self.say(line, bar)
                if result.outcome in NOT_IN:
                    yield result
                bar.update()

    def say(self, line: str, bar: tqdm[Any]) -> None:
        """A line on standard output, without a part of the bar in it where both are the same terminal."""
        with bar.external_write_mode(file=sys.stdout):
            self.stdout.write(line)

    def conclude(self, totals: Counter[RowOutcome], wanted: Options) -> None:
        self.stdout.write(f"{said(totals)}.")
        if not wanted.apply:
            self.stdout.write("Nothing was written: this is what --apply would do.")
        if refused := totals[RowOutcome.REFUSED]:
            raise CommandError(f"{counted(refused, 'row was', 'rows were')} refused; the lines above say why.")


@contextmanager
def explained(totals: Counter[RowOutcome], wanted: Options) -> Iterator[None]:
    """An error on the way says what became of the rows before it."""
    try:
        yield
    except (TableError, UnreadableFile) as error:
        before = f"Before that: {said(totals)}." if wanted.apply else "Nothing was written."
        again = AGAIN if wanted.apply and isinstance(error, TableError) else ""
        raise CommandError(" ".join(filter(None, [str(error), before, again]))) from error


def said(totals: Counter[RowOutcome]) -> str:
    return ", ".join(f"{totals[outcome]} {outcome}" for outcome in RowOutcome if totals[outcome]) or "no rows"


def lines_about(result: RowResult) -> Iterator[str]:
    """One where the row did not go in, and one for each value that was left out."""
    place = f"line {result.line}: {printable(result.address) or 'no address'}"
    if result.outcome in NOT_IN:
        yield f"{place}: {result.outcome}: {printable(reason(result))}"
    for warning in result.warnings:
        yield f"{place}: {printable(warning)}"


def reason(result: RowResult) -> str:
    """With what would help, where an option does."""
    return f"{result.reason}, {HINTS[result.code]}" if result.code in HINTS else result.reason


def opened(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")


def report_file(name: str) -> Path | None:
    """Raises CommandError for a place that cannot be written, before anything is done."""
    if not name:
        return None
    path = target(name)
    if path is None:
        raise CommandError("--report needs a file: standard output already says what became of the rows.")
    return path


def report_lines(header: Sequence[str], results: Iterable[RowResult]) -> Iterator[bytes]:
    """The rows that did not go in as they were, with their number and reason; the file can be mended and imported.

    No cell is a formula, for it will be opened in a spreadsheet. Number and reason of an earlier report are left out.
    """
    names = column_names(header)
    kept = [place for place, name in enumerate(names) if name not in REPORT_COLUMNS]
    yield csv_line([*(header[place] for place in kept), *REPORT_COLUMNS])
    for result in results:
        cells = [*result.cells, *[""] * len(names)]
        beyond = result.cells[len(names) :]
        yield csv_line([*(cells[place] for place in kept), str(result.line), reason(result), *beyond])


def csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cell if cell.startswith("'") else guarded(cell) for cell in cells)
    return line.getvalue().encode()
