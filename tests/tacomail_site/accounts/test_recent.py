"""What a process remembers of late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tacomail_site.accounts.recent import Recent


def test_the_oldest_goes_first() -> None:
    recent: Recent[int] = Recent(most=2)
    for number, key in enumerate(("a", "b", "a", "c")):
        recent.note(key, number)
    assert [recent.get(key) for key in ("a", "b", "c")] == [2, None, 3]


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again() -> None:
    recent: Recent[int] = Recent()
    recent.note("a", 1)
    recent.note("b", 2)
    recent.forget("a")
    recent.forget("a")
    assert (recent.get("a"), recent.get("b")) == (None, 2)
    recent.forget_all()
    assert recent.get("b") is None


def test_many_threads_at_once_break_nothing() -> None:
    recent: Recent[int] = Recent(most=5)

    def work(number: int) -> None:
        for step in range(300):
            recent.note(f"{(number + step) % 20}", step)
            recent.get(f"{step % 20}")
            recent.forget(f"{(number * step) % 20}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert sum(recent.get(str(number)) is not None for number in range(20)) <= 5
