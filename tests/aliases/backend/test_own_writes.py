"""The memory of a process's own writes: bounded, for a while, and the same for all of its threads."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import pytest

from aliases.backend import ownwrites
from aliases.backend.ownwrites import OwnWrites, identifier_of
from aliases.records.connection import item_key
from aliases.records.keys import Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliases.records.connection import Item

DOMAIN = "taco.example"


def item(name: str, identifier: str | None = None, **more: str) -> Item:
    texts = {
        "sub_domain": DOMAIN,
        "alias_address": name,
        "application": "tacomail",
        "identifier": identifier or f"id-{name}",
        **more,
    }
    return {attribute: {"S": text} for attribute, text in texts.items()}


def key(name: str) -> Key:
    return Key(DOMAIN, name)


class StrongReads:
    """The table itself: what is there, and how often it was asked."""

    def __init__(self, *items: Item) -> None:
        self.items = {item_key(item): item for item in items}
        self.asked: list[list[Key]] = []

    def __call__(self, keys: Iterable[Key]) -> Iterator[Item]:
        wanted = list(keys)
        self.asked.append(wanted)
        return (self.items[key] for key in wanted if key in self.items)


@pytest.fixture
def own() -> OwnWrites:
    return OwnWrites()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moment that time.monotonic() gives."""
    now = [1000.0]
    monkeypatch.setattr("aliases.backend.ownwrites.time.monotonic", lambda: now[0])
    return now


def test_a_write_is_forgotten_after_the_window(own: OwnWrites, clock: list[float]) -> None:
    own.put(item("shop"))
    clock[0] += ownwrites.LAG_SECONDS
    assert own.written() == {key("shop"): item("shop")}
    clock[0] += 0.1
    assert own.written() == {}
    assert own.key_of("id-shop") == key("shop")  # where to look stays known


def test_a_removal_is_forgotten_after_the_window(own: OwnWrites, clock: list[float]) -> None:
    own.put(item("shop"))
    own.removed(key("shop"))
    assert not own.is_worth_waiting_for("id-shop")
    clock[0] += ownwrites.LAG_SECONDS + 0.1
    assert own.is_worth_waiting_for("id-shop")


def test_a_miss_is_forgotten_after_the_window(own: OwnWrites, clock: list[float]) -> None:
    own.missed("nobody")
    assert not own.is_worth_waiting_for("nobody")
    clock[0] += ownwrites.LAG_SECONDS + 0.1
    assert own.is_worth_waiting_for("nobody")


def test_a_second_write_begins_the_window_anew(own: OwnWrites, clock: list[float]) -> None:
    own.put(item("shop"))
    clock[0] += 6
    own.put(item("shop", description="new"))
    clock[0] += 6
    assert own.written() == {key("shop"): item("shop", description="new")}


def test_the_memory_is_bounded(own: OwnWrites, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REMEMBERED_KEYS", "REMEMBERED_WRITES", "REMEMBERED_IDENTIFIERS"):
        monkeypatch.setattr(ownwrites, name, 10)
    for number in range(100):
        own.put(item(f"a{number}"))
        own.missed(f"nobody-{number}")
    for number in range(50, 100):
        own.removed(key(f"a{number}"))
    known = [number for number in range(100) if own.key_of(f"id-a{number}") is not None]
    assert known == []  # the last ten were removed, the others forgotten
    assert len(own.written()) == 10
    assert sum(not own.is_worth_waiting_for(f"nobody-{number}") for number in range(100)) == 10


def test_the_oldest_keys_are_forgotten_first(own: OwnWrites, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownwrites, "REMEMBERED_KEYS", 2)
    for name in ("a", "b", "a", "c"):
        own.seen(item(name))
    assert [own.key_of(f"id-{name}") for name in "abc"] == [key("a"), None, key("c")]


def test_what_is_no_alias_is_not_remembered(own: OwnWrites) -> None:
    own.put({"sub_domain": {"S": "django:session"}, "alias_address": {"S": "x"}})
    own.removed(Key("tacomail-config", "sub_domains"))
    assert own.written() == {}


def test_an_address_that_changed_hands_belongs_to_the_new_alias(own: OwnWrites) -> None:
    own.put(item("shop", "first"))
    own.removed(key("shop"))
    own.put(item("shop", "second"))
    assert own.key_of("first") is None
    assert own.key_of("second") == key("shop")


def test_a_moved_alias_is_known_at_its_new_place_alone(own: OwnWrites) -> None:
    own.put(item("old", "x"))
    own.removed(key("old"))
    own.put(item("new", "x"))
    own.removed(key("old"))  # once more, late
    assert own.key_of("x") == key("new")
    assert own.is_worth_waiting_for("x")


def test_a_late_answer_of_the_index_does_not_undo_what_is_known(own: OwnWrites) -> None:
    own.put(item("old", "x"))
    own.removed(key("old"))
    own.seen(item("old", "x"))
    assert own.key_of("x") is None
    own.put(item("new", "x"))
    own.seen(item("old", "x"))
    own.seen(item("elsewhere", "x"))
    assert own.key_of("x") == key("new")


def test_what_the_index_shows_as_it_was_written_is_not_read_again(own: OwnWrites) -> None:
    own.put(item("shop"))
    table = StrongReads()
    assert list(own.laid_over([item("other"), item("shop")], table)) == [item("other"), item("shop")]
    assert table.asked == []


@pytest.mark.parametrize("shown", [[], [item("shop", description="old")]])
def test_what_it_does_not_show_as_it_was_written_is_read_from_the_table(own: OwnWrites, shown: list[Item]) -> None:
    own.put(item("shop", description="new"))
    table = StrongReads(item("shop", description="newer still"))
    assert list(own.laid_over(shown, table)) == [item("shop", description="newer still")]
    assert table.asked == [[key("shop")]]


def test_what_was_removed_and_is_not_shown_is_not_asked_for(own: OwnWrites) -> None:
    own.put(item("shop"))
    own.removed(key("shop"))
    table = StrongReads()
    assert list(own.laid_over([], table)) == []
    assert table.asked == []


def test_what_was_removed_and_is_shown_is_asked_for(own: OwnWrites) -> None:
    own.put(item("shop"))
    own.removed(key("shop"))
    assert list(own.laid_over([item("shop")], StrongReads())) == []
    assert list(own.laid_over([item("shop")], StrongReads(item("shop")))) == [item("shop")]


def test_one_identifier_in_two_places_is_read_from_the_table(own: OwnWrites) -> None:
    table = StrongReads(item("new", "x"))
    shown = [item("a"), item("old", "x"), item("new", "x"), item("z")]
    assert list(own.laid_over(shown, table)) == [item("a"), item("z"), item("new", "x")]
    assert table.asked == [[key("old"), key("new")]]


def test_all_that_is_doubtful_is_read_at_once(own: OwnWrites) -> None:
    for number in range(5):
        own.put(item(f"a{number}"))
    table = StrongReads()
    assert list(own.laid_over([], table)) == []
    assert len(table.asked) == 1


def test_threads_do_not_disturb_each_other(own: OwnWrites, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownwrites, "REMEMBERED_KEYS", 20)
    monkeypatch.setattr(ownwrites, "REMEMBERED_WRITES", 20)
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311  the same steps in every run
        try:
            for _ in range(1500):
                _step(own, chance)
        except BaseException as error:  # noqa: BLE001  whatever it is, the test shall tell
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    own.put(item("last", "mine"))
    assert own.key_of("mine") == key("last")
    places = [at for number in range(30) if (at := own.key_of(f"i{number}")) is not None]
    assert len(places) == len(set(places)) <= 20


def _step(own: OwnWrites, chance: random.Random) -> None:
    name, identifier = f"n{chance.randrange(30)}", f"i{chance.randrange(30)}"
    here = item(name, identifier)
    doings: list[Any] = [
        lambda: own.put(here),
        lambda: own.seen(here),
        lambda: own.removed(key(name)),
        lambda: own.missed(identifier),
        lambda: own.key_of(identifier),
        lambda: own.is_worth_waiting_for(identifier),
        lambda: list(own.laid_over(sorted([here, item("x")], key=identifier_of), StrongReads())),
    ]
    chance.choice(doings)()
