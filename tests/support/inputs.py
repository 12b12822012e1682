"""The catalogued inputs in tests/fixtures, read as they are."""

from __future__ import annotations

import json
from typing import Any

from tests.support.installation import FIXTURES


def message(name: str) -> bytes:
    """An object as SES left it in the bucket."""
    return (FIXTURES / "messages" / f"{name}.eml").read_bytes()


def event(name: str) -> Any:
    """An event (or a map of events) as AWS sends it."""
    return json.loads((FIXTURES / "events" / f"{name}.json").read_text(encoding="utf-8"))


def ses_content(event_of_ses: Any) -> Any:
    """`mail` and `receipt` of an SES event."""
    return event_of_ses["Records"][0]["ses"]


def address_rows(name: str) -> list[dict[str, Any]]:
    """The rows of an address file that say which alias a recipient reaches (`alias`, None for nobody)."""
    rows = json.loads((FIXTURES / "addresses" / f"{name}.json").read_text(encoding="utf-8"))
    return [row for row in rows if "rcpt" in row]
