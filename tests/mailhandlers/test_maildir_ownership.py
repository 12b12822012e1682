"""Who owns a delivered file: the Maildir's owner where that is possible, else whoever the file system says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mailhandlers.maildir import Folder, deliver
from tests.support.events import stored_message
from tests.support.inputs import event
from tests.support.installation import make_maildir
from tests.support.maildirs import BODY, RECEIVED, files_below

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.installation import Installation

GIVEN = event("refused_ownership_scenario")["given"]
ACCESS_POINT = (GIVEN["efs_access_point"]["uid"], GIVEN["efs_access_point"]["gid"])
LOGGED = "ownership left as the file system set it"


@pytest.fixture
def chowns(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Every file belongs to the access point; the changes of ownership that are asked for, none carried out."""
    asked: list[tuple[int, int]] = []
    real = os.fstat

    def owned(descriptor: int) -> os.stat_result:
        fields = list(real(descriptor))
        fields[4:6] = ACCESS_POINT
        return os.stat_result(fields)

    monkeypatch.setattr(os, "fstat", owned)
    monkeypatch.setattr(os, "chown", lambda _, uid, gid: asked.append((uid, gid)))
    return asked


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raising(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, "chown", raising)


def test_a_file_is_given_to_the_owner_of_the_maildir(mail_root: Path, chowns: list[tuple[int, int]]) -> None:
    make_maildir(mail_root / "alice")
    deliver(Folder(mail_root, "alice"), "m1", [BODY], RECEIVED)
    owner = (mail_root / "alice" / "new").stat()
    assert chowns == [(owner.st_uid, owner.st_gid)]


def test_a_file_that_has_the_right_owner_is_left_alone(mail_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_maildir(mail_root / "alice")
    refuse(monkeypatch, AssertionError("nothing to change"))
    assert deliver(Folder(mail_root, "alice"), "m1", [BODY], RECEIVED)


@pytest.mark.parametrize("error", [PermissionError(1, "Operation not permitted"), OSError(22, "Invalid argument")])
def test_a_refused_change_of_ownership_is_only_logged(
    installation: Installation,
    chowns: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
    mail_log: pytest.LogCaptureFixture,
    error: OSError,
) -> None:
    refuse(monkeypatch, error)
    key = installation.receive("shop@taco.example")
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert LOGGED in mail_log.messages
    assert {record.levelname for record in mail_log.records if record.getMessage() == LOGGED} == {"INFO"}
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.counters("shop@taco.example") == (1, 0, 0)


def test_a_drop_folder_is_treated_alike(
    mail_root: Path, chowns: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (mail_root / "alice").mkdir()
    refuse(monkeypatch, PermissionError(1, "Operation not permitted"))
    assert deliver(Folder(mail_root, "alice"), "m1", [BODY], RECEIVED)
    assert files_below(mail_root) == {"alice/m1": BODY}
