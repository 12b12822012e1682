"""What may be written into a description."""

from __future__ import annotations

from typing import Any

from aliases.models import Alias
from aliases.records.exceptions import InvalidAddress

FIELD = "description"


def check_description(text: str) -> None:
    """Raises InvalidAddress for the field `description`: too long, or no Unicode text, which the table would refuse."""
    described: Any = Alias._meta.get_field(FIELD)
    if len(text) > described.max_length:
        message = f"The description has {len(text)} characters; {described.max_length} are the most."
        raise InvalidAddress(message, code="too_long", field=FIELD)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = "The description holds a lone surrogate, which is no text."
        raise InvalidAddress(message, code="bad_character", field=FIELD) from error
