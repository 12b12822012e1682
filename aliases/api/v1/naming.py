"""The fields of the services, as the bodies of requests name them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aliases.records.exceptions import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


@contextmanager
def named(**ours: str) -> Iterator[None]:
    """`named(destination="to")`: what a service says of `destination` is about `to`."""
    try:
        yield
    except RecordError as error:
        error.field = ours.get(error.field or "", error.field)
        raise


def our_fields() -> AbstractContextManager[None]:
    """Errors about aliases, with the names that their fields have here."""
    return named(alias="name", destination="destinations", identifier="id")
