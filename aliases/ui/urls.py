"""Where each page is. One module of URLs for each area."""

from django.urls import include, path

from aliases.ui import converters  # noqa: F401  the areas below name them

app_name = "ui"
urlpatterns = [
    path("", include("aliases.ui.create.urls")),
    path("aliases/", include("aliases.ui.listing.urls")),
    path("aliases/", include("aliases.ui.alias.urls")),
    path("activity/", include("aliases.ui.activity.urls")),
    path("stored/", include("aliases.ui.stored.urls")),
    path("held/", include("aliases.ui.held.urls")),
    path("domains/", include("aliases.ui.domains.urls")),
    path("destinations/", include("aliases.ui.destinations.urls")),
    path("dry-run/", include("aliases.ui.dryrun.urls")),
]
