from django.urls import path

from aliases.ui.alias import changing, deleting
from aliases.ui.alias.destinations import destinations
from aliases.ui.alias.showing import show

urlpatterns = [
    path("<uuid:identifier>/", show, name="alias"),
    path("<uuid:identifier>/state/", changing.state, name="alias_state"),
    path("<uuid:identifier>/description/", changing.description, name="alias_description"),
    path("<uuid:identifier>/address/", changing.address, name="alias_address"),
    path("<uuid:identifier>/destinations/", destinations, name="alias_destinations"),
    path("<uuid:identifier>/delete/", deleting.delete, name="alias_delete"),
    path("<uuid:identifier>/restore/", deleting.restore, name="alias_restore"),
]
