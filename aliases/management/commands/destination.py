from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import ConsoleCommand, for_each, moment, open_records
from aliases.records.exceptions import InUse

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from aliases.records.registry import Known, Registry


class Command(ConsoleCommand):
    help = "Registers, lists, pauses and removes destinations."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        add = actions.add_parser("add", help="register one more destination")
        add.add_argument("destination", help="alice@tacomail (a Maildir), S3 (the bucket), or a mailbox elsewhere")
        add.add_argument("--description", default="", metavar="TEXT")
        listing = actions.add_parser("list", help="list the destinations")
        listing.add_argument("--json", action="store_true")
        describe = actions.add_parser("describe", help="set the description of a destination")
        describe.add_argument("destination")
        describe.add_argument("text")
        actions.add_parser("pause", help="hold all mail for it").add_argument("destination", nargs="+")
        actions.add_parser("resume", help="deliver to it again").add_argument("destination", nargs="+")
        remove = actions.add_parser("remove", help="forget a destination")
        remove.add_argument("destination")
        remove.add_argument("--force", action="store_true", help="although aliases name it")

    def run(self, options: dict[str, Any]) -> None:
        _, registry = open_records()
        match options["action"]:
            case "add":
                known = registry.add_destination(options["destination"], options["description"])
                self.stdout.write(f"{known.name} is registered.")
            case "list":
                self.show_list(registry.destinations(), as_json=options["json"])
            case "describe":
                registry.describe_destination(options["destination"], options["text"])
                self.stdout.write(f"{options['destination']} is described.")
            case "pause":
                for_each(options["destination"], lambda text: self.set_active(registry, text, active=False))
            case "resume":
                for_each(options["destination"], lambda text: self.set_active(registry, text, active=True))
            case "remove":
                self.remove(registry, options["destination"], force=options["force"])

    def show_list(self, destinations: list[Known], *, as_json: bool) -> None:
        if as_json:
            self.print_json([document(known) for known in destinations])
        elif destinations:
            self.print_table(
                ("DESTINATION", "STATE", "CREATED", "DESCRIPTION"),
                [
                    (known.name, "active" if known.active else "paused", moment(known.created), known.description)
                    for known in destinations
                ],
            )
        else:
            self.stdout.write("No destination is registered: 'manage.py destination add alice@tacomail' adds one.")

    def set_active(self, registry: Registry, destination: str, *, active: bool) -> None:
        registry.set_destination_active(destination, active)
        said = (
            "is active. 'manage.py redeliver --held' delivers what waited."
            if active
            else "is paused: mail for it waits in the bucket."
        )
        self.stdout.write(f"{destination} {said}")

    def remove(self, registry: Registry, destination: str, *, force: bool) -> None:
        try:
            registry.remove_destination(destination, force=force)
        except InUse as error:
            raise CommandError(
                f"{error} Give them another destination first, or repeat with --force: their mail still goes there, "
                "since an unregistered destination counts as active."
            ) from error
        self.stdout.write(f"{destination} is removed.")


def document(known: Known) -> dict[str, Any]:
    """The destination for programs."""
    return {
        "destination": known.name,
        "active": known.active,
        "description": known.description,
        "created_datetime": known.created,
        "modified_datetime": known.modified,
    }
