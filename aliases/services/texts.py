"""What may be written into a description."""

from __future__ import annotations

from typing import Any

from aliases.models import Alias
from aliases.records.exceptions import InvalidAddress
from aliases.records.translatable import gettext_noop

FIELD = "description"


def check_description(text: str) -> None:
    """Raises InvalidAddress for the field `description`: too long, or no Unicode text, which the table would refuse."""
    described: Any = Alias._meta.get_field(FIELD)
    if len(text) > described.max_length:
        most = described.max_length
        message = gettext_noop(
            "The description has %(length)d characters; %(most)d are the most.", length=len(text), most=most
        )
        raise InvalidAddress(message, code="too_long", field=FIELD)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = gettext_noop("The description holds a lone surrogate, which is no text.")
        raise InvalidAddress(message, code="bad_character", field=FIELD) from error
