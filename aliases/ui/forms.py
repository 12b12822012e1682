"""What every form shares: how its fields are described to assistive software, and where an error goes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from aliases.records.exceptions import TableUnavailable
from aliases.wording.errors import refusal_of, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping


# What people type is no prose: no capitals, no corrections, nothing that was typed elsewhere.
PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class Form(forms.Form):
    """`error_fields` maps a field of the records' errors to one of the form, where they have different names."""

    error_fields: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.status: int = HTTPStatus.OK

    def refuse(self, error: Exception) -> None:
        """Say what a service refused, beside the field that it is about. Raises `error` again if it is no refusal."""
        refusal = refusal_of(error)
        if refusal is None:
            raise error
        named = self.error_fields.get(refusal.field or "", refusal.field)
        field = named if named in self.fields and not self.fields[str(named)].widget.is_hidden else None
        self.add_error(field, sentence(refusal))
        if isinstance(refusal, TableUnavailable):
            self.status = HTTPStatus.SERVICE_UNAVAILABLE

    def answer_status(self) -> int:
        """The status of the page that shows this form: 422 where something in it is wrong (RFC 9110, 15.5.21)."""
        if self.status != HTTPStatus.OK:
            return self.status
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.is_bound and self.errors else HTTPStatus.OK
