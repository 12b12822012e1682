"""The checks against a running stack, in a process that finds it by its folder, as every command does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.local_stack import LocalStack

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_of_a_new_stack_is_found_and_has_nothing_to_mend(tmp_path: Path) -> None:
    with LocalStack(tmp_path) as stack:
        done = stack.manage("check", "--database", "default", "--fail-level", "WARNING")
        assert (done.returncode, done.stderr) == (0, "")
        stack.manage("domain", "deactivate", "taco.example")
        done = stack.manage("check", "--database", "default", "--fail-level", "WARNING")
    assert done.returncode == 1
    assert "(tacomail.W020) No domain is served" in done.stderr
