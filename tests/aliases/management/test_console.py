"""What holds for every command: errors are one sentence, and the way to the table is found or named."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management.base import CommandError

from aliases.management import console
from tests.aliases.management.calling import command
from tests.support.installation import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = [
    ("alias", "list"),
    ("alias", "pause", "a@taco.example", "b@taco.example"),
    ("domain", "list"),
    ("destination", "list"),
    ("held",),
    ("log", "shop@taco.example"),
    ("redeliver", "--held"),
    ("dump", "-"),
    ("adopt",),
    ("exportaliases", "-"),
]


@pytest.fixture(autouse=True)
def _no_local_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack that happens to run on this machine has no say."""
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path / "var"))


@pytest.fixture
def closed_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address at which nothing answers: its port is taken, and nobody listens on it."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        yield endpoint


def manage(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_missing_table_is_one_sentence_that_names_the_variable_and_the_local_system(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        command(*words)
    assert str(refused.value) == (
        "POSTFIX_DYNAMODB_TABLE is not set: it names the DynamoDB table that holds the aliases. "
        "Set it, or start the local system with 'make run'."
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_table_out_of_reach_is_one_sentence(words: tuple[str, ...], closed_endpoint: str) -> None:
    with pytest.raises(CommandError) as refused:
        command(*words)
    assert str(refused.value).startswith("The table tacomail cannot be reached: ")
    assert closed_endpoint in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("closed_endpoint")
def test_an_error_ends_the_process_with_status_1_and_no_traceback() -> None:
    done = manage("alias", "list")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("CommandError: The table tacomail cannot be reached: ")
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("installation")
def test_a_variable_that_is_not_understood_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "eat")
    with pytest.raises(CommandError, match=r"^TACOMAIL_SPAM_ACTION is 'eat': use one of hold, deliver, drop\.$"):
        command("alias", "list")


def test_a_table_that_is_not_there_is_named(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation.table.name == "tacomail"
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "elsewhere")
    with pytest.raises(CommandError, match="The table elsewhere refused the request"):
        command("alias", "list")


def test_an_aws_profile_that_is_not_there_is_named(
    tmp_path: Path, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installation.root == tmp_path / "Maildir"
    monkeypatch.setenv("AWS_PROFILE", "nosuch")
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "a-table-no-client-was-made-for")
    with pytest.raises(CommandError, match="nosuch"):
        command("redeliver", "--held")


@pytest.mark.usefixtures("installation")
def test_a_missing_bucket_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    with pytest.raises(CommandError, match=r"^TACOMAIL_MAIL_BUCKET is not set: it names the bucket"):
        command("redeliver")


def test_without_a_table_the_running_local_stack_is_used(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installation.stored_keys() == []
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")

    def load() -> bool:
        monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "tacomail")
        return True

    monkeypatch.setattr(console, "load_environment", load)
    assert "shop@taco.example" in command("alias", "list")


def test_a_port_that_another_program_took_over_from_a_killed_stack_is_no_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        endpoint = f"http://127.0.0.1:{other.getsockname()[1]}"
        (tmp_path / "var").mkdir()
        (tmp_path / "var" / "environment").write_text(f"AWS_ENDPOINT_URL={endpoint}\n")
        answering = threading.Thread(target=_answer_unlike_http, args=(other,))
        answering.start()
        with pytest.raises(CommandError, match=r"^POSTFIX_DYNAMODB_TABLE is not set"):
            command("held")
        answering.join()


def _answer_unlike_http(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.usefixtures("installation")
def test_ctrl_c_ends_a_command_with_one_sentence_and_status_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aliases.records.store.AliasStore.aliases", interrupt)
    with pytest.raises(CommandError, match=r"^Interrupted; ") as stopped:
        command("alias", "list")
    assert stopped.value.returncode == 130


def test_a_reader_that_ends_early_is_no_error(tmp_path: Path) -> None:
    """`manage.py alias list | head -1`: the command writes into a pipe that nobody reads any more."""
    script = (
        "import os, django; django.setup()\n"
        "from aliases.management.console import ConsoleCommand\n"
        "class Command(ConsoleCommand):\n"
        "    def run(self, options):\n"
        "        self.print_table(('A',), [('b',)] * 100_000)\n"
        "Command().run_from_argv(['manage.py', 'long'])\n"
    )
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tacomail_site.settings", "TACOMAIL_VAR": str(tmp_path)},
        )  # fmt: skip
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("octets", "shown"), [(0, "-"), (512, "512 B"), (2048, "2 KiB"), (40 * 1024**2, "40.0 MiB")])
def test_a_size_is_shown_as_a_person_says_it(octets: int, shown: str) -> None:
    assert console.shown_size(octets) == shown


def test_a_reason_of_a_later_version_is_shown_as_it_is() -> None:
    assert console.because("some_new_reason") == "some_new_reason"
    assert console.because("unknown_alias") == "unknown alias"
    assert console.because("") == "unknown"
