from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.known import KnownCommand, Switch
from aliases.management.progress import add_progress_option, progress_bar
from aliases.records.exceptions import InUse
from aliases.services import COMMAND_LINE
from aliases.services.destinations import (
    activate_destination,
    add_destination,
    aliases_of,
    deactivate_destination,
    describe_destination,
    find_destination,
    redirect,
    remove_destination,
)
from aliases.services.stores import registry

if TYPE_CHECKING:
    from aliases.models import Destination
    from aliases.records.registry import Known


class Command(KnownCommand):
    help = "Registers, lists, pauses and removes destinations, and sends what goes to one to another."
    noun = "destination"
    add_help = "register one more destination"
    name_help = "alice@tacomail (a Maildir), S3 (the bucket), or a mailbox elsewhere"
    on = Switch(
        "resume",
        "deliver to it again",
        "is active. 'manage.py redeliver --held' delivers what waited.",
        "active",
    )
    off = Switch("pause", "hold all mail for it", "is paused: mail for it waits in the bucket.", "paused")
    nothing_yet = "No destination is registered: 'manage.py destination add alice@tacomail' adds one."
    added = "is registered."

    def add_actions(self, actions: Any) -> None:
        remove = actions.add_parser("remove", help="forget a destination")
        remove.add_argument("destination")
        remove.add_argument("--force", action="store_true", help="although aliases name it")
        redirect = actions.add_parser("redirect", help="send everything that goes to one destination to another")
        redirect.add_argument("old", metavar="OLD")
        redirect.add_argument("new", metavar="NEW")
        add_progress_option(redirect)

    def act(self, action: str, options: dict[str, Any]) -> None:
        if action == "remove":
            self.remove(find_destination(options["destination"]), force=options["force"])
        else:
            self.redirect(options)

    def remove(self, destination: Destination, *, force: bool) -> None:
        try:
            remove_destination(destination, by=COMMAND_LINE, force=force)
        except InUse as error:
            raise CommandError(
                f"{error} Give them another destination first ('manage.py destination redirect {destination} NEW'), or "
                "repeat with --force: their mail still goes there, since an unregistered destination counts as active."
            ) from error
        self.stdout.write(f"{destination} is removed.")

    def redirect(self, options: dict[str, Any]) -> None:
        """One alias that cannot be changed does not stop the others. Broken off and repeated, it ends the same."""
        old, new = options["old"], options["new"]
        aliases = list(aliases_of(old))
        failures: list[str] = []
        with progress_bar(options, "aliases", len(aliases)) as bar:
            for done in redirect(old, new, by=COMMAND_LINE, aliases=aliases):
                if done.error is not None:
                    failures.append(f"{done.alias}: {done.error}")
                bar.update(1)
        count = len(aliases) - len(failures)
        if not aliases:
            self.stdout.write(f"No alias sends mail to {old}.")
        elif count:
            self.stdout.write(f"{count} {'alias sends' if count == 1 else 'aliases send'} mail to {new} now.")
        if failures:
            raise CommandError("\n".join(failures))

    def known(self) -> list[Known]:
        return registry().destinations()

    def find(self, text: str) -> Destination:
        return find_destination(text)

    def create(self, text: str, description: str) -> Destination:
        return add_destination(text, description, by=COMMAND_LINE)

    def describe(self, found: Destination, description: str) -> None:
        describe_destination(found, description, by=COMMAND_LINE)

    def switch(self, found: Destination, on: bool) -> None:
        (activate_destination if on else deactivate_destination)(found, by=COMMAND_LINE)
