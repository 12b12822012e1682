"""`manage.py createoperator`."""

from __future__ import annotations

import getpass
import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tacomail_site.models import Operator, Role
from tests.support.site import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

    Typing = Callable[..., None]

ROOT = Path(__file__).resolve().parents[3]
VARIABLE = "TACOMAIL_OPERATOR_PASSWORD"


def create(*words: str) -> str:
    out = io.StringIO()
    call_command("createoperator", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """What the person types when asked, one line for each question."""

    def types(*lines: str) -> None:
        left = list(lines)

        def answer(_: str) -> str:
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        monkeypatch.setattr(getpass, "getpass", answer)

    return types


def test_the_password_is_typed_twice(empty_site: SiteTable, typing: Typing) -> None:
    typing(PASSWORD, PASSWORD)
    assert create("Alice", "--role", "viewer", "--name", "Alice Example") == "alice may sign in as viewer.\n"
    made = Operator.objects.get(pk="alice")
    assert (made.role, made.name, made.check_password(PASSWORD)) == (Role.VIEWER, "Alice Example", True)


def test_or_it_is_in_the_environment(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    create("alice")
    assert Operator.objects.get(pk="alice").check_password(PASSWORD)


def test_the_first_operator_is_an_owner_and_the_next_one_an_editor(
    empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    assert create("alice") == "alice may sign in as owner.\n"
    assert create("bob") == "bob may sign in as editor.\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((PASSWORD, "something else"), "The two passwords differ; nothing is changed."),
        ((PASSWORD,), "No password was typed; nothing is changed."),
        (("short", "short"), "at least 10 characters"),
    ],
)
def test_a_password_that_will_not_do_makes_nobody(
    empty_site: SiteTable, typing: Typing, typed: tuple[str, ...], said: str
) -> None:
    typing(*typed)
    with pytest.raises(CommandError, match=said):
        create("alice")
    assert Operator.objects.count() == 0


def test_an_empty_variable_is_an_error_and_not_a_password(
    empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    with pytest.raises(CommandError, match=f"{VARIABLE} is empty"):
        create("alice")


def test_without_a_terminal_the_variable_is_named(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(CommandError, match=f"There is no terminal to ask for a password: set {VARIABLE} to it"):
        create("alice")


def test_a_taken_name_is_refused_in_any_case(alice: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "another correct horse")
    with pytest.raises(CommandError, match="There is an operator alice already"):
        create("ALICE")
    assert Operator.objects.get(pk="alice").check_password(PASSWORD)


def test_a_name_that_cannot_be_is_refused(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with pytest.raises(CommandError, match="'a b' cannot be a user name"):
        create("a b")


def test_a_missing_table_is_one_clear_sentence(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "absent")
    with pytest.raises(CommandError, match="absent"):
        create("alice")


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "createoperator", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def test_errors_end_with_1_and_a_wrong_call_with_2(tmp_path: Path) -> None:
    no_stack = {"TACOMAIL_VAR": str(tmp_path)}
    failed = run("alice", **no_stack)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("CommandError: POSTFIX_DYNAMODB_TABLE is not set")
    assert run("alice", "--role", "king", **no_stack).returncode == 2
