"""Looking at Maildirs from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RECEIVED = 1725358530  # 2024-09-03T10:15:30Z
BODY = b"Subject: Test\r\n\r\nHello.\r\n"


def names(folder: Path) -> list[str]:
    """The files in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def files_below(root: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path, with its bytes."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
