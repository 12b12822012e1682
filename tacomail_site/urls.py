from django.contrib import admin
from django.urls import include, path

from tacomail_site.views import home

urlpatterns = [
    path("", home, name="home"),
    path("admin/", admin.site.urls),
    path("accounts/", include("tacomail_site.accounts.urls")),
]
handler500 = "tacomail_site.views.failed"
