"""A file that nobody reads to its end."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

from aliases.exchange.reading import read_rows

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_its_rows_go_away_quietly_after_it_was_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    path = tmp_path / "aliases.csv"
    path.write_text("address,state\nshop@taco.example,active\nnews@taco.example,active\n")
    with path.open("rb") as stream:
        rows = read_rows(stream)
        assert next(iter(rows.rows)).cells == ("shop@taco.example", "active")
    del rows
    gc.collect()
    assert complaints == []
