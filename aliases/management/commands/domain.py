from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import ConsoleCommand, for_each, moment, open_records
from aliases.records.addresses import shown_form, stored_form
from aliases.records.exceptions import InUse

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from aliases.records.registry import Known, Registry


class Command(ConsoleCommand):
    help = "Adds, lists, changes and removes the domains that are served."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        add = actions.add_parser("add", help="serve one more domain")
        add.add_argument("domain")
        add.add_argument("--description", default="", metavar="TEXT")
        listing = actions.add_parser("list", help="list the domains")
        listing.add_argument("--json", action="store_true")
        describe = actions.add_parser("describe", help="set the description of a domain")
        describe.add_argument("domain")
        describe.add_argument("text")
        actions.add_parser("activate", help="serve a known domain again").add_argument("domain", nargs="+")
        actions.add_parser("deactivate", help="serve it no longer; its aliases stay").add_argument("domain", nargs="+")
        remove = actions.add_parser("remove", help="forget a domain")
        remove.add_argument("domain")
        remove.add_argument("--with-aliases", action="store_true", help="remove all of its aliases too")

    def run(self, options: dict[str, Any]) -> None:
        _, registry = open_records()
        match options["action"]:
            case "add":
                known = registry.add_domain(options["domain"], options["description"])
                self.stdout.write(
                    f"{shown_form(known.name)} is served. SES must have a receipt rule for it too; "
                    "the local system makes that itself."
                )
            case "list":
                self.show_list(registry.domains(), as_json=options["json"])
            case "describe":
                registry.describe_domain(options["domain"], options["text"])
                self.stdout.write(f"{shown(options['domain'])} is described.")
            case "activate":
                for_each(options["domain"], lambda domain: self.set_active(registry, domain, active=True))
            case "deactivate":
                for_each(options["domain"], lambda domain: self.set_active(registry, domain, active=False))
            case "remove":
                self.remove(registry, options["domain"], with_aliases=options["with_aliases"])

    def show_list(self, domains: list[Known], *, as_json: bool) -> None:
        if as_json:
            self.print_json([document(known) for known in domains])
        elif domains:
            self.print_table(
                ("DOMAIN", "STATE", "CREATED", "DESCRIPTION"),
                [
                    (shown_form(d.name), "served" if d.active else "not served", moment(d.created), d.description)
                    for d in domains
                ],
            )
        else:
            self.stdout.write("There is no domain yet: 'manage.py domain add example.com' adds one.")

    def set_active(self, registry: Registry, domain: str, *, active: bool) -> None:
        registry.set_domain_active(domain, active)
        said = "is served." if active else "is no longer served: mail for it is refused. Its aliases stay."
        self.stdout.write(f"{shown(domain)} {said}")

    def remove(self, registry: Registry, domain: str, *, with_aliases: bool) -> None:
        try:
            count = registry.remove_domain(domain, with_aliases=with_aliases)
        except InUse as error:
            raise CommandError(
                f"{error} Delete them first, or remove them with the domain: 'manage.py domain remove {domain} "
                f"--with-aliases'. 'manage.py domain deactivate {domain}' stops its mail and keeps them."
            ) from error
        self.stdout.write(f"{shown(domain)} is removed" + (f", and {count} of its aliases." if count else "."))


def shown(domain: str) -> str:
    return shown_form(stored_form(domain))


def document(known: Known) -> dict[str, Any]:
    """The domain for programs."""
    return {
        "domain": known.name,
        "active": known.active,
        "description": known.description,
        "created_datetime": known.created,
        "modified_datetime": known.modified,
    }
