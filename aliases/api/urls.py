"""All URLs of the API. Requests for them are sent here by `tacomail_site.accounts.apicallers`."""

from __future__ import annotations

from django.urls import include, path, re_path

from aliases.api import failures

urlpatterns = [
    path("api/v1/", include("aliases.api.v1.urls")),
    path("addy/", include("aliases.api.addy.urls")),
    path("simplelogin/", include("aliases.api.simplelogin.urls")),
    path("", include("aliases.api.simplelogin.urls")),
    path("", include("aliases.api.original.urls")),
    re_path("", failures.nothing_here),  # a handler would not be asked while DEBUG is on, as on the laptop
]
handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.failed
