"""What provisioning reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was made, altered or removed."""

    action: Action
    resource: str

    def __str__(self) -> str:
        return f"{self.action} {self.resource}"
