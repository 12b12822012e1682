from __future__ import annotations

from django.urls import path

from aliases.api.documentation import document_view, documentation_page
from aliases.api.v1.api import api
from aliases.api.v1.document import document_of
from aliases.api.v1.framing import framed_paths

app_name = api.urls_namespace
urlpatterns = [
    path("openapi.json", document_view(lambda prefix: document_of(api, f"{prefix}api/v1/")), name="document"),
    path("docs", documentation_page("API", "api-v1:document"), name="documentation"),
    *framed_paths(api),
]
