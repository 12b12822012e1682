from django.urls import path

from aliases.ui.create.showing import made, show
from aliases.ui.create.views import new_alias

urlpatterns = [
    path("new", new_alias, name="new"),
    path("aliases/<identifier:identifier>/made/", made, name="made"),
    path("aliases/<identifier:identifier>/show/", show, name="alias_show"),
]
