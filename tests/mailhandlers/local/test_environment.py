from __future__ import annotations

import os
import stat
import subprocess
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from mailhandlers.local.aws import AwsServer
from mailhandlers.local.environment import (
    FILE,
    apply_environment,
    load_environment,
    read_environment,
    stack_environment,
    write_environment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """What is tested writes into os.environ."""
    with mock.patch.dict(os.environ):
        yield


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The variables of a stack of which only the AWS stand-in runs."""
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path))
    with AwsServer(tmp_path, lambda: None) as server:
        values = stack_environment(tmp_path, server.endpoint, 8000, 2525)
        write_environment(tmp_path, values)
        yield values


def test_a_command_takes_over_the_variables_of_the_running_stack(running: dict[str, str]) -> None:
    assert load_environment()
    assert {name: os.environ[name] for name in running} == running


def test_an_environment_that_names_a_table_is_left_alone(
    running: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "production")
    assert not load_environment()
    assert os.environ["POSTFIX_DYNAMODB_TABLE"] == "production"
    assert "AWS_ENDPOINT_URL" not in os.environ


def test_without_a_file_there_is_nothing_to_take_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path))
    assert not load_environment()


def test_a_file_that_a_killed_stack_left_behind_is_not_believed(tmp_path: Path) -> None:
    write_environment(tmp_path, stack_environment(tmp_path, "http://127.0.0.1:9", 8000, 2525))
    assert read_environment(tmp_path) is None


def test_another_stack_on_the_port_of_a_killed_one_is_not_believed(running: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_environment(other, stack_environment(other, running["AWS_ENDPOINT_URL"], 8000, 2525))
    assert read_environment(other) is None


def test_an_endpoint_elsewhere_is_never_asked(tmp_path: Path) -> None:
    write_environment(tmp_path, stack_environment(tmp_path, "http://aws.example.com", 8000, 2525))
    assert read_environment(tmp_path) is None


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    write_environment(tmp_path, {"A": "1"})
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_shell_reads_the_file_as_we_do(tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder $HOME"
    folder.mkdir()
    with AwsServer(folder, lambda: None) as server:
        values = stack_environment(folder, server.endpoint, 8000, 2525)
        write_environment(folder, values)
        assert read_environment(folder) == values
    script = f'. "$0/{FILE}"; printf %s "$TACOMAIL_MAILDIR_ROOT"'
    shell = subprocess.run(["/bin/sh", "-c", script, str(folder)], capture_output=True, text=True, check=True)
    assert shell.stdout == f"{folder}/Maildir"


@pytest.mark.parametrize(
    "name", ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_ENDPOINT_URL_DYNAMODB"]
)
def test_variables_that_would_lead_to_a_real_account_are_dropped(name: str) -> None:
    os.environ[name] = "real"
    apply_environment({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert name not in os.environ


@pytest.mark.parametrize(
    ("before", "after"), [("", "127.0.0.1"), ("a.example.com", "a.example.com,127.0.0.1"), ("127.0.0.1", "127.0.0.1")]
)
def test_no_proxy_stands_between_us_and_the_stack(tmp_path: Path, before: str, after: str) -> None:
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = before
    values = stack_environment(tmp_path, "http://127.0.0.1:9", 8000, 2525)
    assert (values["NO_PROXY"], values["no_proxy"]) == (after, after)


def test_a_persons_own_aws_configuration_has_no_say(tmp_path: Path) -> None:
    values = stack_environment(tmp_path, "http://127.0.0.1:9", 8000, 2525)
    assert values["AWS_CONFIG_FILE"] == values["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
