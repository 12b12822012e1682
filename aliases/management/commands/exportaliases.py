from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from aliases.exchange.writing import export_rows
from aliases.management.commands.dump import counted, target
from aliases.management.console import ConsoleCommand, open_records
from aliases.records.addresses import domain_name
from mailhandlers.local.persistence import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import CommandParser

    from aliases.records.alias import Alias
    from aliases.records.registry import Registry
    from aliases.records.store import AliasStore

BYTE_ORDER_MARK = "\ufeff"


class Command(ConsoleCommand):
    help = (
        "Writes aliases as CSV, for a spreadsheet or for 'importaliases'. The file is there whole or not at all, and "
        "only its owner may read it. Cost: 1 request for each megabyte."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file to write, over what is there; - is standard output")
        parser.add_argument("--domain", default="", help="only the aliases of this domain")
        parser.add_argument(
            "--bom", action="store_true", help="begin with a byte order mark, as some spreadsheets want"
        )

    def run(self, options: dict[str, Any]) -> None:
        path = target(options["file"])
        store, registry = open_records()
        self.written = 0
        aliases = self.counted(wanted(store, registry, options["domain"]))
        lines = export_rows(aliases)
        if path is None:
            self.print_lines(lines, options["bom"])
        else:
            write_atomically(path, encoded(lines, options["bom"]))  # a new file has mode 0600
            self.stderr.write(
                f"{counted(self.written, 'alias', 'aliases')} went to {options['file']}.", self.style.SUCCESS
            )

    def counted(self, aliases: Iterator[Alias]) -> Iterator[Alias]:
        for alias in aliases:
            yield alias
            self.written += 1

    def print_lines(self, lines: Iterator[str], with_mark: bool) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # an export has one encoding, whatever the terminal's is
        if with_mark:
            self.stdout.write(BYTE_ORDER_MARK, ending="")
        for line in lines:
            self.stdout.write(line, ending="")


def wanted(store: AliasStore, registry: Registry, domain: str) -> Iterator[Alias]:
    """Raises InvalidAddress, and NotFound for a domain that is not known and has no alias either."""
    if not domain:
        yield from store.aliases()
        return
    has_one = False
    for alias in store.of_domain(domain_name(domain)):
        has_one = True
        yield alias
    if not has_one:
        registry.domain(domain)


def encoded(lines: Iterator[str], with_mark: bool) -> Iterator[bytes]:
    if with_mark:
        yield BYTE_ORDER_MARK.encode()
    for line in lines:
        yield line.encode()
