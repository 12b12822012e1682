"""What the commands about operators share."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import Error

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD_VARIABLE = "TACOMAIL_OPERATOR_PASSWORD"  # noqa: S105  the name of the variable
BY = "command line"  # who did it, as the history shows


def asked_password() -> str:
    """The password from the environment, else typed twice. Raises CommandError."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        if not given:
            raise CommandError(f"{PASSWORD_VARIABLE} is empty: set it to the password, or unset it to be asked.")
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"There is no terminal to ask for a password: set {PASSWORD_VARIABLE} to it.")
    try:
        first, second = getpass.getpass("Password: "), getpass.getpass("Password again: ")
    except EOFError as error:
        raise CommandError("No password was typed; nothing is changed.") from error
    if first != second:
        raise CommandError("The two passwords differ; nothing is changed.")
    return first


@contextmanager
def django_errors() -> Iterator[None]:
    """The errors of Django's own layer as one clear sentence."""
    try:
        yield
    except (Error, ImproperlyConfigured) as error:
        raise CommandError(str(error)) from error
