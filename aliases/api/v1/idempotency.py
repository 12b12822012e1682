"""The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request that may be sent again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aliases.api.plain import BadBody
from aliases.records.exceptions import AlreadyExists, NotFound

if TYPE_CHECKING:
    from aliases.api.callers import Caller

# A string of RFC 9651 in its quotes; without them, as many clients send it.
KEY = re.compile(r'"([\x20-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255})')
MEANING = (
    "A text of the client's choice, such as a new UUID. The alias is made once for each, however often the request is "
    "sent; another name or domain is another alias. The keys of other tokens are other keys."
)


def sound_key(header: str) -> str:
    """What stands in the header. Raises BadBody for what can be no key."""
    found = KEY.fullmatch(header.strip())
    if found is None:
        raise BadBody(_("Idempotency-Key is to be 1 to 255 characters of ASCII."))
    return found.group(1) or found.group(2)


def own_key(header: str, caller: Caller) -> str:
    """The key, told from those of other callers, and of other tokens of the same operator. Raises BadBody.

    Two programs may both count from 1, and neither is to get what the other one made.
    """
    key = sound_key(header)
    return key if caller.created is None else f"{caller.created.isoformat()}\n{caller.token}\n{key}"


def made_before(error: NotFound) -> AlreadyExists:
    """The alias of this key was made and is deleted: for who wants to make one, no 404."""
    return AlreadyExists(error.text, code=error.code)
