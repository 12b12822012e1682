from django.contrib import admin
from django.urls import path

from tacomail_site.views import placeholder

urlpatterns = [path("", placeholder, name="home"), path("admin/", admin.site.urls)]
