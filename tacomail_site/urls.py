from django.contrib import admin
from django.urls import include, path

from tacomail_site.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("aliases.ui.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("tacomail_site.accounts.urls")),
]
handler400 = "tacomail_site.views.bad_request"
handler403 = "tacomail_site.views.forbidden"
handler404 = "tacomail_site.views.not_found"
handler500 = "tacomail_site.views.failed"
