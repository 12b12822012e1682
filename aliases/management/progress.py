"""The progress bar of long commands: on standard error, and only where a person watches it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


def add_progress_option(parser: CommandParser) -> None:
    """`--no-progress`; `progress_bar` obeys it."""
    parser.add_argument(
        "--no-progress", action="store_true", help="show no progress bar; a pipe or a file never gets one"
    )


def progress_bar(options: dict[str, Any], unit: str, total: int | None = None, *, octets: bool = False) -> tqdm[Any]:
    """A bar for a `with` block, whose `update(n)` says that n more units are done. It is gone when the block ends.

    Without `total` it counts and shows the rate. `octets`: units are octets, shown as kB and MB.
    """
    return tqdm(
        total=total,
        unit=unit if octets else f" {unit}",
        unit_scale=octets,
        file=sys.stderr,
        leave=False,
        disable=True if options["no_progress"] else None,  # None: only on a terminal
        dynamic_ncols=True,
    )
