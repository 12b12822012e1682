"""Which paths are the API's."""

from __future__ import annotations

import re

# The site's own pages have the plural: /aliases/, /domains/, /destinations/.
API_PATHS = re.compile(r"/(?:alias|domain|destination|api|addy|simplelogin)(?:/|\Z)")

MODERN = "/api/v1/"
SIGN_IN = "/api/auth/"
ADDY = "/addy"


def is_api_path(path: str) -> bool:
    return API_PATHS.match(path) is not None
