"""What stands in the addresses of pages."""

from __future__ import annotations

from django.contrib.admin.utils import quote, unquote
from django.urls import register_converter


class IdentifierConverter:
    """The identifier of an alias: a UUID, or whatever an older version or another tool gave it, slashes too."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: object) -> str:
        text = str(value)
        if not text:
            raise ValueError("An alias without an identifier has no page.")
        return str(quote(text))


register_converter(IdentifierConverter, "identifier")
