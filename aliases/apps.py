from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AliasesConfig(AppConfig):
    """Aliases, domains and destinations; its commands are those of `manage.py`."""

    name = "aliases"
    verbose_name = _("Mail")
