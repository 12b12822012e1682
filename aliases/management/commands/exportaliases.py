from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aliases.exchange.writing import export_rows
from aliases.management.console import ConsoleCommand, open_records
from aliases.records.addresses import stored_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.core.management.base import CommandParser

BYTE_ORDER_MARK = "\ufeff"


class Command(ConsoleCommand):
    help = "Writes aliases as CSV, for a spreadsheet or for 'importaliases'. The file is for its owner's eyes only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file to write, - for standard output")
        parser.add_argument("--domain", default="", help="only the aliases of this domain")
        parser.add_argument(
            "--bom", action="store_true", help="begin with a byte order mark, as some spreadsheets want"
        )

    def run(self, options: dict[str, Any]) -> None:
        store, _ = open_records()
        aliases = store.of_domain(stored_form(options["domain"])) if options["domain"] else store.aliases()
        start = BYTE_ORDER_MARK if options["bom"] else ""
        with self._writer(options["file"]) as write:
            write(start)
            for line in export_rows(aliases):
                write(line)

    @contextmanager
    def _writer(self, name: str) -> Iterator[Callable[[str], object]]:
        """To standard output, or into a file that is there as a whole or not at all, with mode 0600."""
        if name == "-":
            yield lambda text: self.stdout.write(text, ending="")
            return
        path = Path(name)
        made, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(made, "w", encoding="utf-8", newline="") as file:
                yield file.write
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
