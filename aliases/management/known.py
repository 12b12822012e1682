"""What `manage.py domain` and `manage.py destination` share: both are few, each is on or off, and aliases use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aliases.management.console import ConsoleCommand, command_config, for_each, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.management.base import CommandParser

    from aliases.models import Destination, Domain
    from aliases.records.registry import Known


@dataclass(frozen=True, slots=True)
class Switch:
    """One of the two positions: the action that leads to it, its help, what is said then, and what the list says."""

    action: str
    help: str
    said: str
    state: str


class KnownCommand(ConsoleCommand):
    """`noun` names the argument and the key in JSON."""

    noun: ClassVar[str]
    add_help: ClassVar[str]
    name_help: ClassVar[str | None] = None
    on: ClassVar[Switch]
    off: ClassVar[Switch]
    nothing_yet: ClassVar[str]
    added: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        add = actions.add_parser("add", help=self.add_help)
        add.add_argument(self.noun, help=self.name_help)
        add.add_argument("--description", default="", metavar="TEXT")
        listing = actions.add_parser("list", help=f"list the {self.noun}s")
        listing.add_argument("--json", action="store_true")
        describe = actions.add_parser("describe", help=f"set the description of a {self.noun}")
        describe.add_argument(self.noun)
        describe.add_argument("text")
        for switch in (self.on, self.off):
            actions.add_parser(switch.action, help=switch.help).add_argument(self.noun, nargs="+")
        self.add_actions(actions)

    def add_actions(self, actions: Any) -> None:
        """The actions of this command alone; argparse calls the type of `actions` private."""
        raise NotImplementedError

    def run(self, options: dict[str, Any]) -> None:
        command_config()
        action, named = options["action"], options.get(self.noun)
        if action == "add":
            self.stdout.write(f"{self.create(str(named), options['description'])} {self.added}")
        elif action == "list":
            self.show_list(self.known(), as_json=options["json"])
        elif action == "describe":
            found = self.find(str(named))
            self.describe(found, options["text"])
            self.stdout.write(f"{found} is described.")
        elif action in {self.on.action, self.off.action}:
            for_each(named or (), lambda text: self.switch_one(text, on=action == self.on.action))
        else:
            self.act(action, options)

    def act(self, action: str, options: dict[str, Any]) -> None:
        """Carry out one of `add_actions`."""
        raise NotImplementedError

    # What the services are called, with the records and models of their kind

    def known(self) -> list[Known]:
        raise NotImplementedError

    def find(self, text: str) -> Any:
        raise NotImplementedError

    def create(self, text: str, description: str) -> Domain | Destination:
        raise NotImplementedError

    def describe(self, found: Any, description: str) -> None:
        raise NotImplementedError

    def switch(self, found: Any, on: bool) -> None:
        raise NotImplementedError

    def shown(self, known: Known) -> str:
        return known.name

    # What is said

    def switch_one(self, text: str, *, on: bool) -> None:
        found = self.find(text)
        self.switch(found, on)
        self.stdout.write(f"{found} {(self.on if on else self.off).said}")

    def show_list(self, found: Sequence[Known], *, as_json: bool) -> None:
        if as_json:
            self.print_json([self.document(known) for known in found])
        elif found:
            self.print_table(
                (self.noun.upper(), "STATE", "CREATED", "DESCRIPTION"),
                [
                    (self.shown(k), (self.on if k.active else self.off).state, moment(k.created), k.description)
                    for k in found
                ],
            )
        else:
            self.stdout.write(self.nothing_yet)

    def document(self, known: Known) -> dict[str, Any]:
        """One of them for programs."""
        return {
            self.noun: known.name,
            "active": known.active,
            "description": known.description,
            "created_datetime": known.created,
            "modified_datetime": known.modified,
        }
