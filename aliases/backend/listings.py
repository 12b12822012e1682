"""Whole listings read during the current request, until the next write: the count and the page share one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from django.core.signals import request_finished, request_started

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable


class Listings(threading.local):
    """Active only between Django's signals of a request's start and end, so that a long process sees changes."""

    def __init__(self) -> None:
        self.active = False
        self.kept: dict[Hashable, list[Any]] = {}

    def begin(self, **_: Any) -> None:
        self.active, self.kept = True, {}

    def end(self, **_: Any) -> None:
        self.active, self.kept = False, {}

    def forget(self) -> None:
        self.kept = {}

    def read(self, name: Hashable, read: Callable[[], Iterable[Any]]) -> Iterable[Any]:
        """What `read` gives, from memory where this request has it already."""
        if not self.active:
            return read()
        if name not in self.kept:
            self.kept[name] = list(read())
        return self.kept[name]


listings = Listings()
request_started.connect(listings.begin, dispatch_uid="aliases.backend.listings")
request_finished.connect(listings.end, dispatch_uid="aliases.backend.listings")
