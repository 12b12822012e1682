"""What lookups and operators do to values, in SQL's three-valued logic: None stands for "unknown"."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from django.db import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    Truth = bool | None
    Test = Callable[[Any, Any], Truth]


def _text(test: Callable[[str, str], bool]) -> Test:
    return lambda value, other: test(str(value), str(other))


def _folded(test: Callable[[str, str], bool]) -> Test:
    return lambda value, other: test(str(value).casefold(), str(other).casefold())


def _matched(flags: int) -> Test:
    def test(value: Any, pattern: Any) -> bool:
        try:
            return re.search(pattern, str(value), flags) is not None
        except re.error as error:
            raise DataError(f"{pattern!r} is no regular expression: {error}.") from error

    return test


def _between(value: Any, ends: tuple[Any, Any]) -> Truth:
    """False, not unknown, where one end is unknown and the other leaves the value out."""
    tests = zip((operator.ge, operator.le), ends, strict=True)
    held = [None if end is None else bool(test(value, end)) for test, end in tests]
    return False if False in held else None if None in held else True


LOOKUPS: dict[str, Test] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "range": _between,
    "iexact": _folded(operator.eq),
    "contains": _text(operator.contains),
    "icontains": _folded(operator.contains),
    "startswith": _text(str.startswith),
    "istartswith": _folded(str.startswith),
    "endswith": _text(str.endswith),
    "iendswith": _folded(str.endswith),
    "regex": _matched(0),
    "iregex": _matched(re.IGNORECASE),
}


def _remainder(a: Any, b: Any) -> Any:
    """With the sign of the dividend, as in SQL; unknown for a division by 0."""
    if not b:
        return None
    return (abs(a) % abs(b)) * (-1 if a < 0 else 1)


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%%": _remainder,
}


def calculated(calculate: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """What a lookup or an operator gives for two values; unknown where one of them is.

    Raises DataError for values that do not go together, such as a text and a number.
    """
    if left is None or right is None:
        return None
    try:
        return calculate(left, right)
    except TypeError as error:
        kinds = f"{type(left).__name__} and {type(right).__name__}"
        raise DataError(f"Values of the types {kinds} cannot be compared or calculated with.") from error


def contained(left: Any, others: Any) -> Truth:
    """`x IN (a, NULL)` is unknown, not false, where x is not a."""
    if not others:
        return False
    if left is None:
        return None
    return True if left in others else None if None in others else False


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def all_of(tests: list[Callable[[Any], Truth]], row: Any) -> Truth:
    """AND. Nothing to hold always holds."""
    result: Truth = True
    for test in tests:
        truth = test(row)
        if truth is None:
            result = None
        elif not truth:
            return False
    return result


def any_of(tests: list[Callable[[Any], Truth]], row: Any) -> Truth:
    """OR. Django means by an empty one that nothing is asked."""
    result: Truth = not tests
    for test in tests:
        truth = test(row)
        if truth is None:
            result = None
        elif truth:
            return True
    return result
