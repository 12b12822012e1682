from django.urls import path

from aliases.ui.placeholder import placeholder

urlpatterns = [
    path("<uuid:identifier>/", placeholder, name="alias"),
    path("<uuid:identifier>/made/", placeholder, name="made"),
    path("<uuid:identifier>/state/", placeholder, name="alias_state"),
    path("<uuid:identifier>/restore/", placeholder, name="alias_restore"),
]
