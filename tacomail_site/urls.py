from django.contrib import admin
from django.urls import include, path

from tacomail_site.views import placeholder

urlpatterns = [
    path("", placeholder, name="home"),
    path("admin/", admin.site.urls),
    path("accounts/", include("tacomail_site.accounts.urls")),
]
