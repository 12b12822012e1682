"""What DynamoDB can hold, asked before the first request: it refuses the rest, or (as text) mends it in silence.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import DataError

from aliases.records.addresses import octets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.records.keys import Key

PARTITION_KEY_OCTETS = 2048
SORT_KEY_OCTETS = 1024
# A number has 38 digits and an exponent from -130 to 125.
SMALLEST_NUMBER, LARGEST_NUMBER = 1e-130, 9.9e125


def is_storable_key(key: Key) -> bool:
    """Whether an item can have this key at all."""
    return (
        0 < octets(key.sub_domain) <= PARTITION_KEY_OCTETS
        and 0 < octets(key.alias_address) <= SORT_KEY_OCTETS
        and is_text(key.sub_domain)
        and is_text(key.alias_address)
    )


def is_text(value: str) -> bool:
    """Whether it is Unicode text: no lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_number(value: float) -> bool:
    """Whether DynamoDB has this number: it is one, finite, and neither too large nor too small."""
    return value == 0 or SMALLEST_NUMBER <= abs(value) <= LARGEST_NUMBER


def check_storable(value: Any, name: str) -> None:
    """Raises DataError naming the column whose value no item can hold.

    A map or a list becomes one in DynamoDB as it is; a single value still goes through the mapping's own form.
    """
    if isinstance(value, dict | list | tuple):
        for part in _parts(value):
            _check_part(part, name)
    elif isinstance(value, str) and not is_text(value):
        raise DataError(f"The value of {name} holds a lone surrogate, which is no text.")


def _check_part(part: Any, name: str) -> None:
    match part:
        case str():
            check_storable(part, name)
        case float() | Decimal():
            if not is_number(float(part)):
                raise DataError(f"The value of {name} holds {part}, which DynamoDB has no number for.")
        case None | int() | bytes():
            pass
        case _:
            raise DataError(f"The value of {name} holds a {type(part).__name__}, which is no plain data.")


def _parts(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for name, inner in value.items():
                yield str(name)
                yield from _parts(inner)
        case list() | tuple():
            for inner in value:
                yield from _parts(inner)
        case _:
            yield value
