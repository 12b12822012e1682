"""The catalogued inputs: each is listed, and none was changed by an editor or by version control."""

from __future__ import annotations

import re

import pytest

from tests.support.installation import FIXTURES

README = (FIXTURES / "README.md").read_text()
LISTED = re.findall(r"^\| `((?:messages|events)/[^`]+)`", README, re.MULTILINE)
PRESENT = [f"{folder}/{path.name}" for folder in ("messages", "events") for path in (FIXTURES / folder).iterdir()]


def test_every_message_and_event_is_listed_once_and_nothing_else_is() -> None:
    assert sorted(LISTED) == sorted(PRESENT)


@pytest.mark.parametrize("name", sorted(name for name in PRESENT if name.endswith(".eml")))
def test_a_message_still_has_the_line_ends_of_mail(name: str) -> None:
    header = (FIXTURES / name).read_bytes().split(b"From:", 1)[0]
    assert header.startswith(b"Return-Path: <")
    assert header.count(b"\r\n") == header.count(b"\n") > 10
