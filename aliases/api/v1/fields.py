"""The names of fields: the services have those of the records, and the modern paths their own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aliases.records.exceptions import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = {"alias": "name", "destination": "destinations", "identifier": "id"}


@contextmanager
def our_fields() -> Iterator[None]:
    """Errors about aliases, with the names that fields have here."""
    try:
        yield
    except RecordError as error:
        error.field = OURS.get(error.field or "", error.field)
        raise
