from django.urls import path

from aliases.ui.placeholder import placeholder

urlpatterns = [
    path("", placeholder, name="aliases"),
    path("<uuid:identifier>/restore/", placeholder, name="alias_restore"),
]
