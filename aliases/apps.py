from django.apps import AppConfig


class AliasesConfig(AppConfig):
    """Aliases, domains and destinations; its commands are those of `manage.py`."""

    name = "aliases"
