from django.urls import path

from aliases.ui.alias import changing, deleting
from aliases.ui.alias.destinations import destinations
from aliases.ui.alias.showing import show

urlpatterns = [
    path("<identifier:identifier>/", show, name="alias"),
    path("<identifier:identifier>/state/", changing.state, name="alias_state"),
    path("<identifier:identifier>/description/", changing.description, name="alias_description"),
    path("<identifier:identifier>/address/", changing.address, name="alias_address"),
    path("<identifier:identifier>/destinations/", destinations, name="alias_destinations"),
    path("<identifier:identifier>/delete/", deleting.delete, name="alias_delete"),
    path("<identifier:identifier>/restore/", deleting.restore, name="alias_restore"),
]
