from __future__ import annotations

from aliases.api.v1.api import api
from aliases.api.v1.framing import framed_paths

urlpatterns = framed_paths(api.urls[0])
