"""One change for many things, in portions that each fit into an answer.

The page of a portion holds a form with what is left, which sends itself where there is JavaScript, and has a button
where there is none. Nothing runs behind the browser's back: closed half-way, what is done is done, and the rest is not.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import NotFound, RecordError, TableError
from aliases.records.translatable import gettext_noop
from aliases.services.stores import every_alias
from aliases.wording.errors import REFUSALS, refusal_of, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.http import QueryDict

    from aliases.models import Alias
    from aliases.services.bulk import Done

    Outcome = tuple[object, Exception | None]  # a name, and what went wrong, None where nothing did

SECONDS = 8.0  # for one portion: well within what a browser, or API Gateway (29 s), waits for
MOST_IDS = 5_000
MOST_FAILURES = 100  # kept from one portion to the next
BETWEEN = "\n"  # ids hold no line breaks


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. `failures` are names with reasons; `stopped` says why no more was tried, if so."""

    total: int
    done: int = 0
    failed: int = 0
    failures: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    stopped: str = ""

    @property
    def tried(self) -> int:
        return self.total - len(self.left)

    @property
    def is_over(self) -> bool:
        return not self.left

    @property
    def left_text(self) -> str:
        """For the form of the next portion."""
        return BETWEEN.join(self.left)


def each_alias(ids: Sequence[str], change: Callable[[list[Alias]], Iterator[Done]]) -> Iterator[Outcome]:
    """Carry out `change`, in the order of the ids; one whose alias is gone is a failure of its own. Cost: a listing."""
    known = {alias.pk: alias for alias in every_alias()}
    changing: Any = change([known[one] for one in ids if one in known])
    with closing(changing):
        for one in ids:
            if one in known:
                yield next(changing)
            else:
                yield one, NotFound(gettext_noop("It was deleted meanwhile."), code="gone")


def begun(posted: QueryDict) -> Progress:
    """What a form asks for: the boxes `id` of a list, or what an earlier portion has left."""
    if "left" not in posted:
        ids = tuple(dict.fromkeys(posted.getlist("id")))[:MOST_IDS]
        return Progress(len(ids), left=ids)
    left = tuple(dict.fromkeys(part for part in str(posted["left"]).replace("\r", "").split(BETWEEN) if part))[
        :MOST_IDS
    ]
    done, failed = _number(posted.get("done", "")), _number(posted.get("failed", ""))
    named = zip(posted.getlist("failed_name"), posted.getlist("failed_why"), strict=False)
    return Progress(done + failed + len(left), done, failed, tuple(named)[:MOST_FAILURES], left)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def portion(
    progress: Progress,
    act: Callable[[Sequence[str]], Iterable[Outcome]],
    seconds: float = SECONDS,
) -> Progress:
    """Carry out the next portion. `act` gives, in the order of its ids, a name and what went wrong (None: nothing).

    It is a lazy iterator, closed when the time is over, so that services write down the history of what is done.
    """
    done, failed, failures, tried, stopped = progress.done, progress.failed, list(progress.failures), 0, ""
    end = time.monotonic() + seconds
    iterator = iter(act(progress.left))
    try:
        for name, error in iterator:
            tried += 1
            if error is None:
                done += 1
            else:
                failed += 1
                failures.append((str(name), sentence(error) if isinstance(error, RecordError) else str(error)))
            if time.monotonic() >= end:
                break
    except REFUSALS as error:
        refusal = refusal_of(error)
        if not isinstance(refusal, TableError):
            raise
        stopped = sentence(refusal)
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
    return Progress(progress.total, done, failed, tuple(failures[:MOST_FAILURES]), progress.left[tried:], stopped)
