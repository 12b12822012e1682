"""Several AWS settings are one list that is written as a whole: policy statements, lifecycle rules, notifications.

What somebody else put there stays; ours are told apart by their id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tacomail_site.deployment.resources import Document


def merged(present: Sequence[Document], ours: Sequence[Document], identity: str) -> list[Document] | None:
    """The list to write, or None when it holds our entries already, just as they should be."""
    names = {entry[identity] for entry in ours}
    mine = [entry for entry in present if entry.get(identity) in names]
    if len(mine) == len(ours) and all(entry in mine for entry in ours):
        return None
    return [entry for entry in present if entry.get(identity) not in names] + list(ours)
