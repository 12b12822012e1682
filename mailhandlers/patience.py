"""A bound on how long a piece of work may take altogether.

The limits of a client bound each wait for the next octets, not their sum: a peer that sends one octet a second is
never too slow for it.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """What the work returns or raises; TimeoutError when that takes longer.

    The work is then left to itself: it must be harmless when it ends later.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001  handed on to whoever waits
            outcome.set_exception(error)

    threading.Thread(target=run, name="within", daemon=True).start()
    return outcome.result(seconds)
