"""What the tests of these routes share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aliases.services.aliases import create_alias
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.models import Alias

NOBODY = "7f9c0f5e-0000-4000-8000-000000000000"


def alias(name: str = "shop", **rest: Any) -> Alias:
    """A new alias of the domain of the tests."""
    given = {"destination": DESTINATION, **rest}
    return create_alias(given.pop("domain", DOMAIN), local_part=name, by="olivia", **given)


def body(answer: Any) -> Any:
    return json.loads(answer.content)


def said(answer: Any) -> tuple[int, Any]:
    """The status, and the body without the sentence for people."""
    found = body(answer) if answer.content else None
    if isinstance(found, dict):
        assert set(found) == {"code", "type", "message"}
        assert found["code"] == answer.status_code
        assert found["message"]
        return answer.status_code, found["type"]
    return answer.status_code, found


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return sorted(one["alias"] for one in body(answer))
