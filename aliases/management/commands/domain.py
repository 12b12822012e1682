from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.known import KnownCommand, Switch
from aliases.management.progress import add_progress_option, progress_bar
from aliases.records.addresses import shown_form
from aliases.records.exceptions import InUse
from aliases.services import COMMAND_LINE
from aliases.services.domains import (
    activate_domain,
    add_domain,
    deactivate_domain,
    describe_domain,
    find_domain,
    remove_domain,
    remove_with_aliases,
)
from aliases.services.stores import registry

if TYPE_CHECKING:
    from aliases.models import Domain
    from aliases.records.registry import Known


class Command(KnownCommand):
    help = "Adds, lists, changes and removes the domains that are served."
    noun = "domain"
    add_help = "serve one more domain"
    on = Switch("activate", "serve a known domain again", "is served.", "served")
    off = Switch(
        "deactivate",
        "serve it no longer; its aliases stay",
        "is no longer served: mail for it is refused. Its aliases stay.",
        "not served",
    )
    nothing_yet = "There is no domain yet: 'manage.py domain add example.com' adds one."
    added = "is served. SES must have a receipt rule for it too; the local system makes that itself."

    def add_actions(self, actions: Any) -> None:
        remove = actions.add_parser("remove", help="forget a domain")
        remove.add_argument("domain")
        remove.add_argument("--with-aliases", action="store_true", help="remove all of its aliases too")
        add_progress_option(remove)

    def act(self, action: str, options: dict[str, Any]) -> None:
        domain = find_domain(options["domain"])
        count = self.remove_all(domain, options) if options["with_aliases"] else self.remove(domain)
        self.stdout.write(f"{domain} is removed" + (f", and {count} of its aliases." if count else "."))

    def remove(self, domain: Domain) -> int:
        try:
            return remove_domain(domain, by=COMMAND_LINE)
        except InUse as error:
            raise CommandError(
                f"{error} Delete them first, or remove them with the domain: 'manage.py domain remove {domain} "
                f"--with-aliases'. 'manage.py domain deactivate {domain}' stops its mail and keeps them."
            ) from error

    def remove_all(self, domain: Domain, options: dict[str, Any]) -> int:
        gone = 0
        with progress_bar(options, "aliases") as bar:
            for done in remove_with_aliases(domain, by=COMMAND_LINE):
                gone += done.error is None
                bar.update(1)
        return gone

    def known(self) -> list[Known]:
        return registry().domains()

    def find(self, text: str) -> Domain:
        return find_domain(text)

    def create(self, text: str, description: str) -> Domain:
        return add_domain(text, description, by=COMMAND_LINE)

    def describe(self, found: Domain, description: str) -> None:
        describe_domain(found, description, by=COMMAND_LINE)

    def switch(self, found: Domain, on: bool) -> None:
        (activate_domain if on else deactivate_domain)(found, by=COMMAND_LINE)

    def shown(self, known: Known) -> str:
        return shown_form(known.name)
