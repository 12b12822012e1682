from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Who may sign in, the admin site, the settings, the checks, and deployment."""

    name = "tacomail_site"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from tacomail_site import checks  # noqa: F401  importing it registers the checks
        from tacomail_site.accounts.sessions import mark

        user_logged_in.connect(mark, dispatch_uid="tacomail_site.accounts.mark")
