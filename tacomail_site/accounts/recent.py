"""What one process remembers of late, for all of its threads: a short cut, never the truth."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by text, `most` of them: the one that was noted longest ago goes first."""

    def __init__(self, most: int = 1_000) -> None:
        self._most = most
        self._values: dict[str, V] = {}
        self._lock = Lock()

    def get(self, key: str) -> V | None:
        with self._lock:
            return self._values.get(key)

    def note(self, key: str, value: V) -> None:
        with self._lock:
            self._values.pop(key, None)  # so that it stands last
            self._values[key] = value
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]

    def forget(self, key: str) -> None:
        with self._lock:
            self._values.pop(key, None)

    def forget_all(self) -> None:
        with self._lock:
            self._values.clear()
