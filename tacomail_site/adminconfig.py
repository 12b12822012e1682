"""Tells Django to make our admin site the one that models register with."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class TacomailAdminConfig(AdminConfig):
    default_site = "tacomail_site.adminsite.TacomailAdminSite"
