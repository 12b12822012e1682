from django.urls import path

from aliases.ui.destinations.redirecting import destination_redirect
from aliases.ui.destinations.views import (
    destination_add,
    destination_list,
    destination_page,
    destination_remove,
    destination_switch,
)

# A destination may hold a slash, so what follows it comes first.
urlpatterns = [
    path("", destination_list, name="destinations"),
    path("add/", destination_add, name="destination_add"),
    path("<path:name>/switch/", destination_switch, name="destination_switch"),
    path("<path:name>/elsewhere/", destination_redirect, name="destination_redirect"),
    path("<path:name>/remove/", destination_remove, name="destination_remove"),
    path("<path:name>/", destination_page, name="destination"),
]
