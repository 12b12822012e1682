from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.management.console import ConsoleCommand, command_config, moment
from tacomail_site.accounts import services
from tacomail_site.accounts.console import BY, asked_password, django_errors
from tacomail_site.accounts.throttling import forget_failures
from tacomail_site.models import Operator, Role

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

ACTIONS = {
    "reset-password": "set another password, for somebody who lost it; asks as createoperator does",
    "disable-two-step": "let somebody in with the password alone, who lost phone and recovery codes",
    "let-in": "forget wrong attempts, for somebody who has to wait",
    "sign-out": "end every session",
    "activate": "let sign in again",
    "deactivate": "let in no more; everything else stays",
    "remove": "remove the operator",
}


class Command(ConsoleCommand):
    help = "Lists operators, and lets somebody in again who lost the password or the phone."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        actions.add_parser("list", help="list the operators").add_argument("--json", action="store_true")
        for name, text in ACTIONS.items():
            actions.add_parser(name, help=text).add_argument("username")
        role = actions.add_parser("role", help="give another role")
        role.add_argument("username")
        role.add_argument("role", choices=Role.values)

    def run(self, options: dict[str, Any]) -> None:
        command_config()
        with django_errors():
            if options["action"] == "list":
                self.show_list(as_json=options["json"])
            else:
                operator = services.find_operator(options["username"])
                self.stdout.write(self.act(options["action"], operator, options))

    def act(self, action: str, operator: Operator, options: dict[str, Any]) -> str:
        """Do it; returns what to say about it."""
        name = operator.username
        match action:
            case "reset-password":
                services.set_password(operator, asked_password(), by=BY)
                return f"{name} has another password. Every session has ended."
            case "disable-two-step":
                if not services.disable_two_step(operator, by=BY):
                    return f"{name} had no authenticator. Every session has ended."
                return f"{name} signs in with the password alone. Every session has ended."
            case "let-in":
                forget_failures(name)
                return f"{name} may try to sign in at once."
            case "sign-out":
                services.sign_out_everywhere(operator, by=BY)
                return f"Every session of {name} has ended."
            case "activate":
                services.activate(operator, by=BY)
                return f"{name} may sign in."
            case "deactivate":
                services.deactivate(operator, by=BY)
                return f"{name} is let in no more."
            case "role":
                services.change_role(operator, options["role"], by=BY)
                return f"{name} is {options['role']} now."
            case _:
                services.remove_operator(operator, by=BY)
                return f"{name} is removed."

    def show_list(self, *, as_json: bool) -> None:
        with_device = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
        operators = [document(o, two_step=o.pk in with_device) for o in Operator.objects.order_by("username")]
        if as_json:
            self.print_json(operators)
        elif operators:
            self.print_table(
                ("OPERATOR", "ROLE", "STATE", "TWO-STEP", "LAST SIGN-IN"),
                [
                    (
                        o["username"],
                        o["role"],
                        "active" if o["active"] else "not active",
                        "on" if o["two_step"] else "required" if o["two_step_required"] else "off",
                        moment(o["last_sign_in"]),
                    )
                    for o in operators
                ],
            )
        else:
            self.stdout.write("There is no operator yet: 'manage.py createoperator NAME --role owner' makes one.")


def document(operator: Operator, *, two_step: bool) -> dict[str, Any]:
    """The operator for programs."""
    last = operator.last_login
    return {
        "username": operator.username,
        "name": operator.name,
        "role": operator.role,
        "active": operator.is_active,
        "two_step": two_step,
        "two_step_required": operator.two_step_required,
        "created_datetime": int(operator.created_datetime.timestamp()),
        "last_sign_in": int(last.timestamp()) if last else None,
    }
