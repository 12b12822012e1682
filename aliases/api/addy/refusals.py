"""Errors as clients of addy.io understand them: 422 names the field, and they show the first one's sentence."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.failures import failure, record_failure, status_of
from aliases.records.exceptions import AlreadyExists, InvalidAddress, TableError
from aliases.wording.errors import message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from aliases.records.exceptions import RecordError

FIELDS = {"alias": "local_part", "destination": "recipient_ids", "identifier": "id"}  # ours, and theirs
NO_FIELD = "alias"


def refusal(request: HttpRequest, error: RecordError) -> HttpResponse:
    """An address that is taken is one more thing that is wrong with what was sent."""
    if isinstance(error, TableError):
        return record_failure(request, error)
    text = message(error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, AlreadyExists) else status_of(error)
    field = error.field or NO_FIELD
    errors = {FIELDS.get(field, field): [text]} if status is HTTPStatus.UNPROCESSABLE_ENTITY else None
    return failure(request, status, text, errors=errors)


def invalid(field: str, why: str, code: str = "invalid") -> InvalidAddress:
    return InvalidAddress(why, code=code, field=field)


def text_in(body: Mapping[str, Any], name: str) -> str:
    """A text of the body, empty where it is null or absent. Raises InvalidAddress where it is something else."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(name, _("“%(name)s” is to be a text.") % {"name": name})
    return value
