"""Waiting before a request that DynamoDB asked to repeat."""

from __future__ import annotations

import random
import time


def pause(tries: int, deadline: float | None = None) -> None:
    """Wait a little before the next try: full jitter over a doubling span (AWS: "Exponential backoff").

    `deadline` is a time.monotonic() moment beyond which it does not wait.
    """
    span = min(0.05 * 2**tries, 1.0)
    if deadline is not None:
        span = min(span, max(0.0, deadline - time.monotonic()))
    time.sleep(random.uniform(0, span))  # noqa: S311  spreads retries, guards nothing
