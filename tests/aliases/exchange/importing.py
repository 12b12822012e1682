"""Imports for tests: text or a fixture into the site's table."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aliases.exchange.importing import import_aliases
from aliases.exchange.reading import read_rows
from aliases.exchange.results import Options
from aliases.records.destinations import LOCAL_DOMAINS
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.exchange.results import RowResult
    from aliases.records.connection import Table

IMPORTS = Path(__file__).resolve().parents[2] / "fixtures" / "imports"


def imported(table: Table, octets: bytes | str, **options: Any) -> dict[int, RowResult]:
    """The results by line. Applied unless `apply=False`."""
    data = octets.encode() if isinstance(octets, str) else octets
    wanted = Options(**{"apply": True, **options})
    return {r.line: r for r in import_aliases(read_rows(io.BytesIO(data)), table, LOCAL_DOMAINS, wanted)}


def fixture(name: str) -> bytes:
    return (IMPORTS / name).read_bytes()


def many(count: int) -> str:
    """So many rows of our own export, on lines 2 and following."""
    rows = "".join(f"name{number}@{DOMAIN},active,{DESTINATION},n{number}\n" for number in range(count))
    return f"address,state,destination,description\n{rows}"
