from django.urls import path

from aliases.ui.placeholder import placeholder

urlpatterns = [path("", placeholder, name="activity")]
