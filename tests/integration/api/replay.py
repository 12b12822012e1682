"""Recorded requests of a client, sent again as they are, and their answers compared key by key.

A recording is a JSON file below `tests/fixtures/api/<client>/`:

| key | holds |
|---|---|
| `client` | who sends this, and where that is known from |
| `bases` | what stands before each path: the base URL that a person sets in the client |
| `token` | the scope of the token that `{token}` stands for |
| `exchanges` | requests with what they must be answered, in their order |

An exchange has `does`, `method`, `path`, `headers`, maybe `body` (sent as JSON) or `text` (sent as it is), `status`,
maybe `content` (the type of the answer, `application/json` if nothing is said), and `answer`: a pattern (see
`difference`), or null for an answer without a body. `keep` names values of the answer that later exchanges write as
`{name}`; `{unique}` is another word in each replay.
"""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.support.installation import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FOLDER = FIXTURES / "api"
TIMEOUT = 60
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

# What a text in angle brackets stands for in a pattern. A bool is an int in Python, and none in JSON.
KINDS: dict[str, Callable[[Any], bool]] = {
    "<any>": lambda value: True,
    "<text>": lambda value: isinstance(value, str) and value != "",
    "<text or empty>": lambda value: isinstance(value, str),
    "<text or null>": lambda value: value is None or isinstance(value, str),
    "<flag>": lambda value: isinstance(value, bool),
    "<integer>": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "<seconds>": lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 1_600_000_000,
    "<seconds or null>": lambda value: value is None or KINDS["<seconds>"](value),
    "<address>": lambda value: _is(r"[^@\s]+@[^@\s]+\.[^@\s]+", value),
    "<uuid>": lambda value: _is(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", value),
    "<date>": lambda value: _is(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value),
    "<date or null>": lambda value: value is None or KINDS["<date>"](value),
    "<list>": lambda value: isinstance(value, list),
    "<object>": lambda value: isinstance(value, dict),
}
EACH = "<each>"  # the only key: a list, not empty, and every entry is like this
HAS = "<has>"  # the only key: a list, and one of its entries is like this
MORE = "<more>"  # in an object: other keys may be there too


def _is(expression: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(expression, value) is not None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def content(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def send(
    site: str, method: str, path: str, headers: Mapping[str, str] | None = None, body: str | bytes | None = None
) -> Answer:
    """One raw request. Nothing is added but Host and Content-Length, and no redirect is followed."""
    where = urlsplit(site)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=TIMEOUT)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        sent = body.encode() if isinstance(body, str) else body
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if sent is not None or method in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(sent or b"")))
        connection.endheaders(sent)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


def recordings() -> Iterator[tuple[str, Path, str]]:
    """Every recording with each of its bases, and a name for both."""
    for path in sorted(FOLDER.glob("*/*.json")):
        for base in json.loads(path.read_text())["bases"]:
            yield f"{path.parent.name}/{path.stem} at {base or 'the root'}", path, base


def replay(site: str, path: Path, base: str, known: dict[str, Any]) -> None:
    """Fails with the exchange and the place in its answer where something differs. Adds to `known` what is kept."""
    for exchange in json.loads(path.read_text())["exchanges"]:
        filled = {name: fill(value, known) for name, value in exchange.items() if name not in {"keep", "does"}}
        sent = json.dumps(filled["body"]) if "body" in filled else filled.get("text")
        answer = send(site, filled["method"], base + filled["path"], filled["headers"], sent)
        what = f"{path.stem}: {exchange['does']} ({filled['method']} {base}{exchange['path']})"
        said = answer.body[:600].decode(errors="replace")
        assert answer.status == filled["status"], f"{what}: {answer.status} instead of {filled['status']}: {said}"
        assert "location" not in answer.headers or answer.status == 201, f"{what}: redirected"
        if filled["answer"] is None:
            assert answer.body == b"", f"{what}: {said}"
            continue
        assert answer.content == filled.get("content", "application/json"), f"{what}: {answer.content}: {said}"
        wrong = difference(filled["answer"], answer.json)
        assert not wrong, f"{what}: {wrong}: {said}"
        known |= {name: value_at(answer.json, place) for name, place in exchange.get("keep", {}).items()}


def fill(value: Any, known: Mapping[str, Any]) -> Any:
    """The value with what is known instead of placeholders; a name in braces that nobody knows stays.

    A text that is one placeholder becomes what that stands for, a number as well.
    """
    match value:
        case str() if (whole := PLACEHOLDER.fullmatch(value)) is not None:
            return known.get(whole[1], value)
        case str():
            return PLACEHOLDER.sub(lambda found: str(known.get(found[1], found[0])), value)
        case list():
            return [fill(entry, known) for entry in value]
        case dict():
            return {fill(name, known): fill(entry, known) for name, entry in value.items()}
    return value


def value_at(whole: Any, place: str) -> Any:
    """`data.0.id` of the answer."""
    for step in place.split("."):
        whole = whole[int(step)] if isinstance(whole, list) else whole[step]
    return whole


def difference(pattern: Any, value: Any, place: str = "the answer") -> str:
    """Where a value is not like a pattern, and why; empty where it is.

    A text in angle brackets stands for a kind of value (KINDS), everything else for itself. Keys must be the same,
    unless the pattern has the key "<more>".
    """
    if isinstance(pattern, str) and pattern in KINDS:
        return "" if KINDS[pattern](value) else f"{place} is {value!r}, not {pattern}"
    if isinstance(pattern, dict):
        return _difference_of_object(pattern, value, place)
    if isinstance(pattern, list):
        if not isinstance(value, list) or len(value) != len(pattern):
            return f"{place} is {value!r}, not a list of {len(pattern)}"
        pairs = enumerate(zip(pattern, value, strict=True))
        return next(filter(None, (difference(one, found, f"{place}[{n}]") for n, (one, found) in pairs)), "")
    same = type(pattern) is type(value) and pattern == value
    return "" if same else f"{place} is {value!r}, not {pattern!r}"


def _difference_of_object(pattern: dict[str, Any], value: Any, place: str) -> str:
    if pattern.keys() <= {EACH, HAS} and pattern:
        return _difference_of_list(pattern, value, place)
    if not isinstance(value, dict):
        return f"{place} is {value!r}, not an object"
    wanted = pattern.keys() - {MORE}
    missing = sorted(wanted - value.keys())
    other = [] if MORE in pattern else sorted(value.keys() - wanted)
    if missing or other:
        return f"{place} lacks {missing}, and has {other} too many"
    return next(filter(None, (difference(pattern[name], value[name], f"{place}.{name}") for name in wanted)), "")


def _difference_of_list(pattern: dict[str, Any], value: Any, place: str) -> str:
    if not isinstance(value, list) or not value:
        return f"{place} is {value!r}, not a list with something in it"
    if HAS in pattern:
        found = [difference(pattern[HAS], entry, f"{place}[{n}]") for n, entry in enumerate(value)]
        return "" if "" in found else f"{place} has no entry like {pattern[HAS]!r}: {found[0]}"
    return next(filter(None, (difference(pattern[EACH], entry, f"{place}[{n}]") for n, entry in enumerate(value))), "")
