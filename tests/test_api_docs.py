"""Every curl line of docs/api.md is run against the local stack, and is answered with what the line says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.integration.local_stack import LocalStack, message, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text()
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"(?P<command>curl .*?)  # (?P<status>\d{3})(?:, (?P<name>[A-Z]+) is (?P<place>\S+))?")
STEP = re.compile(r"\.?([A-Za-z_]+)|\[(\d+)\]")  # of a place, in the words of jq
PATHS = {"modern": "/api/v1/", "original": "/alias", "addy.io": "/addy/", "SimpleLogin": "/simplelogin/"}


class Line(NamedTuple):
    """`name` gets what stands at `place` of the answer."""

    command: str
    status: int
    name: str
    place: str


def lines() -> Iterator[Line]:
    """Fails where a line says nothing of its answer."""
    for block in BLOCK.findall(TEXT):
        for text in block.splitlines():
            if text.startswith("curl "):
                found = LINE.fullmatch(text)
                assert found, f"which status? {text}"
                yield Line(found["command"], int(found["status"]), found["name"] or "", found["place"] or "")


def value_at(answer: object, place: str) -> str:
    found: object = answer
    for name, number in STEP.findall(place):
        if name:
            assert isinstance(found, dict)
            found = found[name]
        else:
            assert isinstance(found, list)
            found = found[int(number)]
    return str(found)


@dataclass
class Shell:
    """Runs lines one after the other; `names` are its variables."""

    folder: Path
    names: dict[str, str]

    def run(self, line: Line) -> tuple[int, str]:
        """The status and the body of the answer."""
        body = self.folder / "body"
        body.write_text("")
        command = line.command.replace("curl ", f'curl --silent --output "{body}" --write-out "%{{http_code}}" ', 1)
        ended = subprocess.run(
            ["bash", "-euc", command],
            env={"PATH": "/usr/bin:/bin", **self.names},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{line.command}: {ended.stderr}"
        said = body.read_text()
        if line.name and int(ended.stdout) == line.status:
            self.names[line.name] = value_at(json.loads(said), line.place)
        return int(ended.stdout), said


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    if not shutil.which("curl"):
        pytest.skip("there is no curl: 'apt-get install curl' lets this test run")
    with LocalStack(tmp_path_factory.mktemp("docs")) as running:
        yield running


@pytest.fixture(scope="module")
def shell(stack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """With a token as the document has it made, and one message that is held."""
    (command,) = re.findall(r"^TOKEN=\$\(manage\.py (.*)\)$", TEXT, re.MULTILINE)
    made = stack.manage(*command.split())
    assert made.returncode == 0, made.stderr
    stack.send("shop@taco.example", data=b"X-Local-Verdicts: spam=FAIL\r\n" + message())
    wait_for(lambda: "spam" in stack.manage("held").stdout, "the message to be held")
    return Shell(tmp_path_factory.mktemp("answers"), {"SITE": stack.site, "TOKEN": made.stdout.strip()})


def test_every_line_is_answered_with_what_it_says(shell: Shell) -> None:
    wrong = []
    for line in lines():
        status, said = shell.run(line)
        if status != line.status:
            wrong.append(f"{line.command}\n  {status} instead of {line.status}: {said[:300]}")
    assert not wrong, "\n".join(wrong)


def test_a_mistyped_line_is_found(shell: Shell) -> None:
    assert shell.run(Line('curl "$SITE/api/v1/alises" -H "Authorization: Bearer $TOKEN"', 200, "", ""))[0] == 404


@pytest.mark.parametrize("surface", PATHS)
def test_each_surface_has_lines(surface: str) -> None:
    assert sum(f'"$SITE{PATHS[surface]}' in line.command for line in lines()) >= 8


def test_no_place_for_a_command_is_left_out() -> None:
    assert len(re.findall(r"^curl ", TEXT, re.MULTILINE)) == len(list(lines())) > 70
