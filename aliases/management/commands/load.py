from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import ConsoleCommand, command_config
from aliases.management.progress import add_progress_option, progress_bar
from aliases.records.connection import PATIENT_LIMITS, Table
from aliases.records.dump import DumpLoader, DumpReader, is_empty
from aliases.records.exceptions import RecordError, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import CommandParser
    from tqdm import tqdm

STANDARD_INPUT = "-"
AGAIN = "The same command with --over goes on: what is loaded already is only written once more."
MEND = "Mend it, and repeat with --over."


class Command(ConsoleCommand):
    help = (
        "Loads a dump into the table that the environment names. Run again after an interruption (with --over, for "
        "the table is no longer empty) it ends with the same table. A line that cannot be read ends it: what comes "
        "before that line is loaded, and nothing after it. Cost: 1 request for 25 items."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="what 'dump' wrote, or the laptop's table.jsonl; - is standard input")
        parser.add_argument(
            "--over",
            action="store_true",
            help="although the table holds items: those with the key of an item of the dump are replaced, all others "
            "stay; operators who are there keep their passwords when the dump has none",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count every line, and write nothing")
        add_progress_option(parser)

    def run(self, options: dict[str, Any]) -> None:
        with opened(options["file"]) as file, progress_bar(options, "B", size_of(file), octets=True) as bar:
            reader = DumpReader(counted_lines(file, bar))
            said = self.only_read(reader) if options["dry_run"] else self.load(reader, over=options["over"])
        for line in said:
            self.stdout.write(line)

    def only_read(self, reader: DumpReader) -> list[str]:
        for _ in reader:
            pass
        return [f"{counted(reader.items)}{verified(reader)}. Nothing is written."]

    def load(self, reader: DumpReader, *, over: bool) -> list[str]:
        command_config()
        table = Table.from_environment(PATIENT_LIMITS)
        if not over and not is_empty(table):
            raise CommandError(
                f"The table {table.name} holds items already. With --over, those with the key of an item of the dump "
                "are replaced and all others stay. An interrupted 'load' goes on that way too."
            )
        loader = DumpLoader(table, reader)
        try:
            loader.run()
        except TableError as error:
            raise CommandError(f"{error} {counted(loader.loaded)} loaded so far. {AGAIN}") from error
        except RecordError as error:
            raise CommandError(
                f"{error} {counted(loader.loaded)} before that loaded, and nothing after. {MEND}"
            ) from error
        except KeyboardInterrupt as stop:
            said = f"Interrupted; {counted(loader.loaded)} loaded. {AGAIN}"
            raise CommandError(said, returncode=130) from stop
        return [f"{counted(loader.loaded)} loaded into {table.name}{verified(reader)}.", *about_operators(loader)]


def about_operators(loader: DumpLoader) -> Iterator[str]:
    """What a dump without secrets means for those who sign in."""
    if loader.kept:
        yield f"Operators who were there already, and stay as they are: {loader.kept}."
    if loader.blank:
        yield (
            f"Operators who came without a password: {loader.blank}. "
            "'manage.py changepassword NAME' gives one a new password."
        )


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The dump, as bytes: its lines end with LF, and nothing else is a line end."""
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


def size_of(file: IO[bytes]) -> int | None:
    """In octets; None where only reading tells."""
    if not file.seekable():
        return None
    here = file.tell()
    size = file.seek(0, 2)
    file.seek(here)
    return size - here


def counted_lines(file: IO[bytes], bar: tqdm[Any]) -> Iterator[bytes]:
    for line in file:
        yield line
        bar.update(len(line))


def counted(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def verified(reader: DumpReader) -> str:
    if reader.is_verified:
        return ", as many as the dump says it has"
    return "; whether that is all could not be verified, for this dump does not say how many there are"
