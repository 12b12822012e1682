from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Who may sign in, the admin, the settings, and deployment."""

    name = "tacomail_site"
    default_auto_field = "django.db.models.BigAutoField"
