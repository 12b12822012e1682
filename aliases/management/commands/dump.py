from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import ConsoleCommand, command_config
from aliases.management.progress import add_progress_option, progress_bar
from aliases.records.connection import PATIENT_LIMITS, Table
from aliases.records.dump import TableDump
from mailhandlers.local.persistence import write_atomically

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from django.core.management.base import CommandParser

    from aliases.records.redaction import Secret

STANDARD_OUTPUT = "-"


class Command(ConsoleCommand):
    help = (
        "Writes the whole table to a file as JSON Lines, one item a line; 'load' reads it. "
        "With --with-secrets it is a complete backup: keep it like a password. Without, it is one of everything but "
        "the ways to sign in: operators come back without password, second step and API tokens. Sessions are in "
        "neither. The file is there whole or not at all, and only its owner may read it; a dump that was interrupted "
        "is simply made again. It is read while mail goes on, so what changes meanwhile is in it as it was before or "
        "after. Cost: 1 request for each megabyte."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file to write, over what is there; - is standard output")
        parser.add_argument("--with-secrets", action="store_true", help="with all that operators need to sign in")
        add_progress_option(parser)

    def run(self, options: dict[str, Any]) -> None:
        path = target(options["file"])
        if path is None and sys.stdout.isatty():
            options["no_progress"] = True  # the bar would stand between the lines
        command_config()
        table = Table.from_environment(PATIENT_LIMITS)
        dump = TableDump(table, with_secrets=options["with_secrets"])
        lines = self.with_progress(dump, options)
        if path is None:
            self.print_lines(lines)
        else:
            write_atomically(path, (f"{line}\n".encode() for line in lines))  # a new file has mode 0600
        self.stderr.write(summary(dump, options["file"]), self.style.SUCCESS)

    def with_progress(self, dump: TableDump, options: dict[str, Any]) -> Iterator[str]:
        description = dump.table.describe() or {}
        about = description.get("ItemCount")  # DynamoDB counts every six hours, so it is a guess
        with progress_bar(options, "items", about) as bar:
            for line in dump.lines():
                yield line
                bar.update(dump.items + dump.left_out.total() - bar.n)

    def print_lines(self, lines: Iterator[str]) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # a dump has one encoding, whatever the terminal's is
        for line in lines:
            self.stdout.write(line)


def target(text: str) -> Path | None:
    """The file to write, None for standard output. Raises CommandError."""
    if text == STANDARD_OUTPUT:
        return None
    path = Path(text).resolve()  # what a link points to is written, and the link stays
    if not path.parent.is_dir():
        raise CommandError(f"There is no folder {path.parent}.")
    if path.exists() and not path.is_file():
        raise CommandError(f"{text} is no file; - writes to standard output.")
    return path


def summary(dump: TableDump, file: str) -> str:
    """What is in the dump, and what is not."""
    where = "standard output" if file == STANDARD_OUTPUT else file
    said = [f"{counted(dump.items, 'item', 'items')} went to {where}."]
    if dump.left_out:
        said.append(f"Left out: {listed(dump.left_out)}.")
    if dump.blanked:
        said.append(f"Without their passwords: {listed(dump.blanked)}.")
    if not dump.with_secrets:
        said.append("--with-secrets makes a complete backup.")
    return " ".join(said)


def listed(secrets: Counter[Secret]) -> str:
    return ", ".join(counted(count, secret.noun, secret.plural) for secret, count in secrets.items())


def counted(count: int, noun: str, plural: str) -> str:
    return f"{count} {noun if count == 1 else plural}"
