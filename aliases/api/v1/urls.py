from __future__ import annotations

from aliases.api.v1.api import api
from aliases.api.v1.framing import framed_paths

app_name = api.urls_namespace
urlpatterns = framed_paths(api)
