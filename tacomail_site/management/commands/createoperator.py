from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.management.console import ConsoleCommand, command_config
from tacomail_site.accounts.console import BY, asked_password, django_errors
from tacomail_site.accounts.services import create_operator
from tacomail_site.models import Operator, Role

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(ConsoleCommand):
    help = (
        "Makes an operator: somebody who may sign in. Asks for the password, or takes it from the variable "
        "TACOMAIL_OPERATOR_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values, help="default: editor, and owner for the first operator")
        parser.add_argument("--name", default="", help="the person's name")

    def run(self, options: dict[str, Any]) -> None:
        command_config()
        with django_errors():
            role = options["role"] or (Role.EDITOR if Operator.objects.exists() else Role.OWNER)
            operator = create_operator(options["username"], asked_password(), role=role, name=options["name"], by=BY)
        self.stdout.write(f"{operator.username} may sign in as {operator.role}.")
