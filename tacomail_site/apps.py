from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Who may sign in, the admin site, the settings, the checks, and deployment."""

    name = "tacomail_site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tacomail_site import checks  # noqa: F401  importing it registers the checks
