"""File names made from message ids and object keys: one plain name for each, whatever the key holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailhandlers.maildir import Folder, deliver, file_name
from mailhandlers.notifications import message_id_of
from tests.support.inputs import event
from tests.support.installation import make_maildir
from tests.support.maildirs import BODY, RECEIVED, files_below, names

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = event("maildir_writing_scenario")
FORBIDDEN = {"/", ":", "\x00"}
ODD_IDS = [
    SCENARIO["given"]["key"],
    *event("encoded_keys").values(),
    *("a/b/c", "../../etc/passwd", "..", ".", ".hidden", "-rf", "~", "a:2,S", "a,b;c!d", "a\x00b", "a\nb", "a\\b"),
    *(" ", " lead", "trail ", "CON", "nul.txt", "%2Fa", "a%", "café-🌮", "x" * 160, "x" * 161, "x" * 900, "é" * 300),
    *("*", "?", "[a]", "$(id)", "`id`", "'", '"', "|", "a.tacomail", "tmp", "new", "cur", ".Junk", "m1", "M1"),
]


def is_plain(name: str) -> bool:
    return bool(name) and not FORBIDDEN & set(name) and not name.startswith(".") and len(name.encode()) <= 160


def test_the_scenario_forbids_what_is_forbidden_here() -> None:
    assert set(SCENARIO["file_name_must_not_contain"]) == FORBIDDEN


@pytest.mark.parametrize("message_id", ODD_IDS)
def test_an_odd_id_gives_a_plain_name_without_slash_colon_or_nul(message_id: str) -> None:
    assert is_plain(file_name(message_id))


def test_an_id_of_ses_is_its_own_name() -> None:
    assert file_name("lsmxrrxvcuvpednh7siecxr2xwdtoi7fxelqtlt3") == "lsmxrrxvcuvpednh7siecxr2xwdtoi7fxelqtlt3"


def test_different_ids_have_different_names() -> None:
    assert len({file_name(message_id) for message_id in ODD_IDS}) == len(set(ODD_IDS))


@settings(max_examples=200)
@given(st.text(min_size=1), st.text(min_size=1))
def test_any_two_ids_give_plain_names_that_differ(one: str, other: str) -> None:
    assert is_plain(file_name(one))
    assert (file_name(one) == file_name(other)) == (one == other)


def test_every_odd_id_is_one_file_and_no_folder(mail_root: Path) -> None:
    make_maildir(mail_root / "alice")
    for message_id in ODD_IDS:
        assert deliver(Folder(mail_root, "alice"), message_id, [message_id.encode()], RECEIVED)
    assert names(mail_root) == ["alice"]
    assert names(mail_root / "alice") == ["cur", "new", "tmp"]
    assert sorted(files_below(mail_root).values()) == sorted(message_id.encode() for message_id in ODD_IDS)
    for message_id in ODD_IDS:
        assert not deliver(Folder(mail_root, "alice"), message_id, [b"again"], RECEIVED)


def test_the_catalogued_key_with_slashes_is_one_file(mail_root: Path) -> None:
    make_maildir(mail_root / "alice")
    message_id = message_id_of(SCENARIO["given"]["key"], "inbound/")
    deliver(Folder(mail_root, SCENARIO["given"]["user"]), message_id, [BODY], RECEIVED)
    assert files_below(mail_root) == {f"alice/new/{message_id}.tacomail": BODY}
