"""One measured figure with its bar, and the table of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = ("figure", "bar", "measured", "holds")


@dataclass(frozen=True, slots=True)
class Figure:
    """`holds` is None where there is no bar. An aim is not a bar: it may be missed on a busy machine."""

    name: str
    measured: str
    bar: str = ""
    holds: bool | None = None
    is_aim: bool = False

    @property
    def fails(self) -> bool:
        return self.holds is False and not self.is_aim

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: "yes", False: "no"}[self.holds]
        return self.name, self.bar, self.measured, verdict


def markdown(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [HEADER, tuple("---" for _ in HEADER), *(figure.cells for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
