"""Starting, stopping and being killed: what must survive does, and the end is quiet."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from aliases.records.store import AliasStore
from mailhandlers.local.environment import FILE
from tests.integration.local_stack import LocalStack, message, table_of, wait_for

if TYPE_CHECKING:
    from pathlib import Path


def aliases(stack: LocalStack) -> list[str]:
    with table_of(stack) as table:
        return sorted(alias.alias_address for alias in AliasStore(table).of_domain("taco.example"))


def test_aliases_and_mail_outlive_ctrl_c_a_kill_and_a_sigterm(tmp_path: Path) -> None:
    """Three lives with one folder in one test, for each start takes seconds."""
    with LocalStack(tmp_path) as stack:
        with table_of(stack) as table:
            AliasStore(table).create("kept", "taco.example", "bob@tacomail")
            AliasStore(table).delete(AliasStore(table).find("news@taco.example").key)
        message_id = stack.send("archive@taco.example")
        key = f"mailbox/archive@taco.example/{message_id}"
        wait_for(lambda: key in stack.object_keys("mailbox/"), "the copy in the bucket")
        stored = stack.stored(key)
        for number in range(5):
            stack.send("shop@taco.example", data=message(subject=f"number {number}"))
        assert stack.stop(signal.SIGINT) == 0
        assert "Traceback" not in stack.output
        assert len(stack.maildir("alice")) == 5  # what was under way was finished
        assert not (tmp_path / FILE).exists()

    saved = tmp_path / "table.jsonl"
    with LocalStack(tmp_path) as stack:
        assert aliases(stack) == ["archive", "closed", "kept", "quiet", "shop"]
        assert stack.stored(key) == stored
        with table_of(stack) as table:
            AliasStore(table).create("second-life", "taco.example", "bob@tacomail")
        wait_for(lambda: "second-life" in saved.read_text(), "the table to be saved")
        assert stack.stop(signal.SIGKILL) == -signal.SIGKILL

    with LocalStack(tmp_path) as stack:
        stack.send("second-life@taco.example")
        assert stack.stop(signal.SIGTERM) == 0
        assert "Traceback" not in stack.output
        assert len(stack.maildir("bob")) == 1


def test_a_folder_that_cannot_be_used_is_one_sentence_that_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    stack = LocalStack(tmp_path, TACOMAIL_VAR=str(tmp_path / "var"))
    stack.launch()
    assert stack.ended() == 1
    (line,) = stack.output.splitlines()
    assert line.startswith("CommandError: The folder ")
    assert line.endswith("choose another in TACOMAIL_VAR.")


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    damaged = '{"sub_domain": {"S": "taco.example"}\n'
    (tmp_path / "table.jsonl").write_text(damaged)
    stack = LocalStack(tmp_path)
    stack.launch()
    assert stack.ended() == 1
    assert "table.jsonl cannot be read: Line 1" in stack.output
    assert "Traceback" not in stack.output
    assert (tmp_path / "table.jsonl").read_text() == damaged
