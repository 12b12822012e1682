"""Object keys as file names and back: percent-encoded, so that a key has exactly one name and none leaves the folder.

A file name holds 255 bytes, a key up to 1,024. A longer name continues in a folder, whose name ends in `+`, a letter
that the encoding never leaves in a name.
"""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote, unquote

LONGEST_NAME = 200
CONTINUES = "+"


def path_of(key: str) -> PurePath:
    """The relative path of the file for a key."""
    name = quote(key, safe="@=,")
    if name.startswith(".") or len(name) > LONGEST_NAME:
        name = name.replace(".", "%2E")  # no part may be `.`, `..` or hidden
    parts = [name[start : start + LONGEST_NAME] for start in range(0, len(name), LONGEST_NAME)]
    return PurePath(*(f"{part}{CONTINUES}" for part in parts[:-1]), parts[-1])


def key_of(path: PurePath) -> str:
    """The key whose file has this relative path."""
    *folders, name = path.parts
    return unquote("".join((*(folder.removesuffix(CONTINUES) for folder in folders), name)))
