"""Strict readers of environment variables: a value that is not understood is an error, never a guess."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def read_flag(name: str, *, default: bool = False) -> bool:
    """A yes-or-no variable. Raises ImproperlyConfigured naming it when the value is neither."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: use one of 1, true, yes, on, 0, false, no, off.")


def read_list(name: str) -> list[str]:
    """A comma separated variable, blanks around the parts ignored."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def read_required(name: str, why: str) -> str:
    """A variable that must be there. Raises ImproperlyConfigured that names it and says what it is for."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}.")
    return value


def read_count(name: str, default: int = 0) -> int:
    """A whole number, 0 or more. Raises ImproperlyConfigured naming it otherwise."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal()):
        raise ImproperlyConfigured(f"{name} is {value!r}: use a whole number, such as 0 or 1.")
    return int(value)
