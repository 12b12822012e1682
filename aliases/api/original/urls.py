from __future__ import annotations

import re

from django.urls import path, re_path

from aliases.api.documentation import document_view, documentation_page
from aliases.api.original.document import document
from aliases.api.original.views import nothing_here, views

# A destination may hold a slash; what is between the slashes of the other paths may not.
CONVERTERS = {"{uuid}": "<str:uuid>", "{domain}": "<str:domain>", "{destination}": "<path:destination>"}


def pattern(template: str) -> str:
    """The same path in the words of Django."""
    return re.sub(r"\{\w+\}", lambda found: CONVERTERS[found.group()], template.removeprefix("/"))


app_name = "api-original"
urlpatterns = [
    path("api/original/openapi.json", document_view(document), name="document"),
    path(
        "api/original/docs",
        documentation_page("API: the original routes", "api-original:document"),
        name="documentation",
    ),
    *(path(pattern(template), view) for template, view in views()),
    re_path(r"^(?:alias|domain|destination)/", nothing_here),
]
