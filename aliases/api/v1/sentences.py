"""What is wrong with the fields of a request, in sentences of our own where we have one, else in pydantic's."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WHOLE = "body"  # the field that stands for all of the body
MOST_ERRORS = 100  # told of one request: a body may hold hundreds of thousands of fields that nobody knows
MOST_LETTERS = 200  # of the name of a field


def sentences_by_field(errors: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """`errors` are those of ninja's ValidationError, of which the first MOST_ERRORS are told.

    A field within others is named with dots: `destinations.0`.
    """
    found: dict[str, list[str]] = {}
    templates = _templates()
    for error in islice(errors, MOST_ERRORS):
        told = found.setdefault(field_of(error["loc"])[:MOST_LETTERS], [])
        text = _sentence(error, templates)
        if text not in told:
            told.append(text)
    return found


def field_of(place: tuple[str | int, ...]) -> str:
    """Without where it was found (body, query, path) and, for a body, the name of the parameter that takes it."""
    source, *names = place
    inner = names[1:] if source == "body" else names
    return ".".join(map(str, inner)) or WHOLE


def _sentence(error: Mapping[str, Any], templates: Mapping[str, str]) -> str:
    limits: Mapping[str, Any] = error.get("ctx") or {}
    kind = str(error["type"])
    template = templates.get(kind)
    return str(error.get("msg") or kind) if template is None else template % limits


def _templates() -> dict[str, str]:
    """By pydantic's own words, with what it tells of the limits."""
    number, flag = _("This is to be a whole number."), _("This is to be true or false.")
    return {
        "missing": _("This is missing."),
        "extra_forbidden": _("Nobody knows this field here."),
        "string_type": _("This is to be a text."),
        "string_unicode": _("This holds a lone surrogate, which is no text."),
        "string_too_long": _("This has more than %(max_length)d characters."),
        "string_too_short": _("This has fewer than %(min_length)d characters."),
        "int_type": number,
        "int_parsing": number,
        "int_parsing_size": number,
        "int_from_float": number,
        "bool_type": flag,
        "bool_parsing": flag,
        "list_type": _("This is to be a list."),
        "dict_type": _("This is to be an object, in braces."),
        "model_type": _("This is to be an object, in braces."),
        "model_attributes_type": _("This is to be an object, in braces."),
        "too_long": _("This has more than %(max_length)d entries."),
        "too_short": _("This has fewer than %(min_length)d entries."),
        "greater_than_equal": _("This is to be %(ge)d at least."),
        "less_than_equal": _("This is to be %(le)d at most."),
        "enum": _("This is to be one of %(expected)s."),
        "literal_error": _("This is to be one of %(expected)s."),
    }
