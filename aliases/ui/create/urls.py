from django.urls import path

from aliases.ui.placeholder import placeholder

urlpatterns = [path("new", placeholder, name="new")]
