"""The destinations of an alias as a list of rows: a destination, and whether it is on.

Empty rows at the end take more; a row whose text is removed goes away. No JavaScript is needed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aliases.models import clean_destination
from aliases.records.destinations import comparison_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.datastructures import MultiValueDict

    Row = tuple[str, bool]

EMPTY_ROWS = 3
MOST_ROWS = 50
KNOWN_DESTINATIONS = "known-destinations"  # id of the datalist that suggests the registered ones


class DestinationRows(forms.Widget):
    """`known` are the destinations to suggest."""

    template_name = "aliases/admin/destination_rows.html"
    known: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [*read_rows(value), *[("", True)] * EMPTY_ROWS]
        described = context["widget"]["attrs"].get("aria-describedby", "")
        context |= {"rows": list(enumerate(rows)), "known": self.known, "list": KNOWN_DESTINATIONS}
        return context | {"described": described, "first_id": context["widget"]["attrs"].get("id", f"id_{name}")}

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[Row]:
        numbers = range(MOST_ROWS + EMPTY_ROWS)
        rows = ((data.get(f"{name}-{n}-destination", ""), f"{name}-{n}-on" in data) for n in numbers)
        return [(text, on) for text, on in rows if text.strip()]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-destination" if id_ else id_


class HiddenRows(forms.HiddenInput):
    """The rows as the form showed them, in one hidden field."""

    def format_value(self, value: Any) -> str:
        return json.dumps([list(row) for row in read_rows(value)])


class DestinationRowsField(forms.Field):
    """Its value maps each destination, in its stored form, to on or off."""

    widget = DestinationRows
    hidden_widget = HiddenRows

    def to_python(self, value: Any) -> list[Row]:
        return read_rows(value)

    def clean(self, value: Any) -> dict[str, bool]:
        wanted: dict[str, bool] = {}
        errors: list[str] = []
        for number, (text, on) in enumerate(read_rows(value), 1):
            try:
                wanted.setdefault(_stored(text, wanted), on)
            except ValidationError as error:
                errors += (_("Row %(number)d: %(why)s") % {"number": number, "why": why} for why in error.messages)
        if len(wanted) > MOST_ROWS:
            errors.append(_("There are more than %(most)d destinations.") % {"most": MOST_ROWS})
        if errors:
            raise ValidationError(errors)
        return wanted

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The order of the rows means nothing: the table does not keep it."""
        return dict(read_rows(initial)) != dict(read_rows(data))


def _stored(text: str, others: Mapping[str, bool]) -> str:
    """The stored form. Raises ValidationError for no destination, and for one that another row has."""
    stored = clean_destination(text)
    if comparison_form(stored) in map(comparison_form, others):
        raise ValidationError(_("%(text)s is there twice.") % {"text": stored})
    return stored


def read_rows(value: Any) -> list[Row]:
    """Rows from whatever a form holds: rows, the hidden field's text, or nothing that can be understood."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    if isinstance(value, dict):
        return [(str(text), bool(on)) for text, on in value.items()]
    rows = value if isinstance(value, list | tuple) else ()
    return [(str(row[0]), bool(row[1])) for row in rows if isinstance(row, list | tuple) and len(row) == 2]
