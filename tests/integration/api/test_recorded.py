"""What each client was seen to send, sent again to the running stack: status, type and body of every answer."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.api.replay import FOLDER, difference, recordings, replay

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.api.tokens import Tokens
    from tests.integration.local_stack import LocalStack

RECORDINGS = list(recordings())
README = (FOLDER.parent / "README.md").read_text()


@pytest.mark.parametrize(("path", "base"), [rest for _, *rest in RECORDINGS], ids=[name for name, *_ in RECORDINGS])
def test_a_recorded_client_gets_what_it_reads(stack: LocalStack, tokens: Tokens, path: Path, base: str) -> None:
    token = tokens.of(json.loads(path.read_text())["token"])
    known = {
        "token": token,
        "letters": token.rpartition("_")[2],
        "unique": secrets.token_hex(4),
        "revoked": tokens.revoked,
        "expired": tokens.expired,
    }
    replay(stack.site, path, base, known)


def test_every_recording_is_in_the_catalogue_of_fixtures() -> None:
    assert RECORDINGS
    missing = [str(path.relative_to(FOLDER.parent)) for _, path, _ in RECORDINGS]
    assert [name for name in missing if f"`{name}`" not in README] == []


@pytest.mark.parametrize(
    ("pattern", "value", "wrong"),
    [
        ({"id": "<uuid>"}, {"id": "00000000-0000-4000-8000-000000000000"}, ""),
        ({"id": "<uuid>"}, {"id": "7"}, "the answer.id is '7', not <uuid>"),
        ({"id": 1}, {"id": True}, "the answer.id is True, not 1"),
        ({"id": 1}, {"id": 1, "b": 2}, "the answer lacks [], and has ['b'] too many"),
        ({"id": 1, "<more>": True}, {"id": 1, "b": 2}, ""),
        ({"id": 1, "<more>": True}, {"b": 2}, "the answer lacks ['id'], and has [] too many"),
        ({"<each>": "<integer>"}, [1, 2], ""),
        ({"<each>": "<integer>"}, [1, "2"], "the answer[1] is '2', not <integer>"),
        ({"<each>": "<integer>"}, [], "the answer is [], not a list with something in it"),
        ({"<has>": {"a": 1}}, [{"a": 2}, {"a": 1}], ""),
        (["<text>"], ["a", "b"], "the answer is ['a', 'b'], not a list of 1"),
        ("<integer>", True, "the answer is True, not <integer>"),
    ],
)
def test_the_comparison_tells_what_differs(pattern: Any, value: Any, wrong: str) -> None:
    assert difference(pattern, value) == wrong
