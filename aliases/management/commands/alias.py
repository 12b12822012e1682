from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.management.console import ConsoleCommand, for_each, moment, open_records, printable, shown_address
from aliases.records.addresses import domain_name, parse_mailbox, shown_form
from aliases.records.alias import destination_entries
from aliases.records.destinations import comparison_form
from aliases.records.exceptions import NotFound
from aliases.records.store import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.management.base import CommandParser

    from aliases.records.alias import Alias
    from aliases.records.registry import Known, Registry
    from aliases.records.store import AliasStore

ON_OFF = {"on": True, "off": False}
STATES = {
    "pause": (Change(active=False), "is paused: mail for it is refused."),
    "resume": (Change(active=True, ignore=False), "is active."),
    "ignore": (Change(active=True, ignore=True), "is ignored: mail for it vanishes without a word."),
}


class Command(ConsoleCommand):
    help = "Adds, lists, changes and removes aliases."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        add = actions.add_parser("add", help="make an alias")
        add.add_argument("address")
        add.add_argument("destination", help="alice@tacomail (a Maildir), S3 (the bucket), or a mailbox elsewhere")
        add.add_argument("--description", default="", metavar="TEXT")
        listing = actions.add_parser("list", help="list aliases")
        listing.add_argument("text", nargs="?", default="", help="a part of an address, description or destination")
        listing.add_argument("--domain", default="")
        listing.add_argument("--json", action="store_true")
        show = actions.add_parser("show", help="show all that is known about an alias")
        show.add_argument("address")
        show.add_argument("--json", action="store_true")
        for action, what in {**{name: said for name, (_, said) in STATES.items()}, "delete": "is deleted."}.items():
            actions.add_parser(action, help=f"the alias {what}").add_argument("address", nargs="+")
        rename = actions.add_parser("rename", help="give an alias another address; all else about it stays")
        rename.add_argument("address")
        rename.add_argument("new_address")
        destinations = actions.add_parser("destinations", help="set all destinations of an alias, each on or off")
        destinations.add_argument("address")
        destinations.add_argument("destination", nargs="+", metavar="DESTINATION[=on|off]")
        describe = actions.add_parser("describe", help="set the description of an alias")
        describe.add_argument("address")
        describe.add_argument("text")

    def run(self, options: dict[str, Any]) -> None:
        store, registry = open_records()
        match options["action"]:
            case "add":
                self.add(store, registry, options["address"], options["destination"], options["description"])
            case "list":
                self.show_list(store, options["text"], options["domain"], as_json=options["json"])
            case "show":
                self.show(store.find(options["address"]), as_json=options["json"])
            case "rename":
                self.rename(store, registry, options["address"], options["new_address"])
            case "destinations":
                self.set_destinations(store, registry, options["address"], options["destination"])
            case "describe":
                alias = store.change(store.find(options["address"]).key, Change(description=options["text"]))
                self.stdout.write(f"{shown(alias)} is described.")
            case "delete":
                for_each(options["address"], lambda address: self.delete(store, address))
            case action:
                for_each(options["address"], lambda address: self.change_state(store, address, action))

    def add(self, store: AliasStore, registry: Registry, address: str, destination: str, description: str) -> None:
        mailbox = parse_mailbox(address)
        check_served(registry.domains(), mailbox.domain_as_written)
        alias = store.create(mailbox.local_part, mailbox.domain_as_written, destination, description=description)
        self.stdout.write(f"{shown(alias)} is active and goes to {alias.destination}.")
        self.hint(registry, [alias.destination or ""])

    def hint(self, registry: Registry, destinations: Iterable[str]) -> None:
        """Say what the destinations lack: nothing of it keeps an alias from being made."""
        known = {comparison_form(entry.name): entry for entry in registry.destinations()}
        for text in destinations:
            entry = known.get(comparison_form(text))
            if entry is None:
                self.stdout.write(
                    f"Hint: {text} is not registered, which keeps no mail back. "
                    f"'manage.py destination add {text}' registers it, so that it can be paused."
                )
            elif not entry.active:
                self.stdout.write(
                    f"Hint: {text} is paused, so mail waits in the bucket until 'manage.py destination resume {text}'."
                )

    def show_list(self, store: AliasStore, text: str, domain: str, *, as_json: bool) -> None:
        found = sorted(matching(store, text, domain), key=lambda alias: (alias.sub_domain, alias.alias_address))
        if as_json:
            self.print_json([document(alias) for alias in found])
        elif found:
            self.print_table(
                ("ADDRESS", "STATE", "DESTINATIONS", "USED", "LAST USE"),
                [(shown(a), state(a), in_force(a), str(a.use_count), moment(a.last_used_datetime)) for a in found],
            )
        else:
            self.stdout.write("No alias is like that." if text or domain else "There is no alias yet.")

    def show(self, alias: Alias, *, as_json: bool) -> None:
        if as_json:
            self.print_json(document(alias))
            return
        lines = {
            "address": shown(alias),
            "stored as": alias.address if alias.address != shown(alias) else "",
            "state": state(alias),
            "destinations": entries(alias) or "-",
            "description": alias.description or "",
            "used": f"{alias.use_count}, last {moment(alias.last_used_datetime)}",
            "ignored": str(alias.ignored_count or ""),
            "refused": str(alias.refused_count or ""),
            "created": moment(alias.created_datetime),
            "modified": moment(alias.modified_datetime),
            "identifier": alias.identifier or "",
        }
        for name, value in lines.items():
            if value:
                self.stdout.write(f"{name + ':':14}{printable(value)}")

    def change_state(self, store: AliasStore, address: str, action: str) -> None:
        change, said = STATES[action]
        self.stdout.write(f"{shown(store.change(store.find(address).key, change))} {said}")

    def delete(self, store: AliasStore, address: str) -> None:
        alias = store.find(address)
        store.delete(alias.key)
        self.stdout.write(f"{shown(alias)} is deleted.")

    def rename(self, store: AliasStore, registry: Registry, address: str, new_address: str) -> None:
        alias, mailbox = store.find(address), parse_mailbox(new_address)
        check_served(registry.domains(), mailbox.domain_as_written)
        renamed = store.rename(alias.key, mailbox.local_part, mailbox.domain_as_written)
        self.stdout.write(f"{shown(alias)} is now {shown(renamed)}.")

    def set_destinations(self, store: AliasStore, registry: Registry, address: str, words: Sequence[str]) -> None:
        wanted = dict(on_or_off(word) for word in words)
        alias = store.change(store.find(address).key, Change(destinations=wanted))
        self.stdout.write(f"{shown(alias)} goes to {entries(alias)}.")
        if not any(wanted.values()):
            self.stdout.write("Hint: none of them is on, so mail waits in the bucket.")
        self.hint(registry, [text for text, on in destination_entries(alias) if on])


def matching(store: AliasStore, text: str, domain: str) -> Iterable[Alias]:
    if not domain:
        return store.search(text) if text else store.aliases()
    name = domain_name(domain)
    if not text:
        return store.of_domain(name)
    return (alias for alias in store.search(text) if alias.sub_domain == name)


def check_served(domains: list[Known], domain: str) -> None:
    """Raises NotFound that says how to serve the domain."""
    name = domain_name(domain)
    served = {known.name: known.active for known in domains}
    if served.get(name):
        return
    shown_name = shown_form(name)
    others = ", ".join(shown_form(known.name) for known in domains if known.active) or "none"
    step = "activate" if name in served else "add"
    raise NotFound(
        f"{shown_name} is not served, so mail for it would be refused. Served: {others}. "
        f"'manage.py domain {step} {shown_name}' makes it so.",
        field="domain",
    )


def on_or_off(word: str) -> tuple[str, bool]:
    """`DESTINATION=off` taken apart; an equals sign may also be part of an address."""
    text, equals, switch = word.rpartition("=")
    return (text, ON_OFF[switch]) if equals and switch in ON_OFF else (word, True)


def shown(alias: Alias) -> str:
    return shown_address(alias.address)


def state(alias: Alias) -> str:
    if not alias.active_alias:
        return "paused"
    return "ignored" if alias.ignore_alias else "active"


def in_force(alias: Alias) -> str:
    """The destinations that mail goes to now."""
    return ", ".join(dict.fromkeys(text for text, on in destination_entries(alias) if on)) or "-"


def entries(alias: Alias) -> str:
    """The destinations, those that are off too."""
    return ", ".join(text if on else f"{text} (off)" for text, on in destination_entries(alias))


def document(alias: Alias) -> dict[str, Any]:
    """The alias for programs, its attributes named as stored."""
    return {
        "full_address": alias.address,
        "state": state(alias),
        **{
            name: getattr(alias, name)
            for name in (
                "sub_domain", "alias_address", "identifier", "active_alias", "ignore_alias", "destination",
                "destinations", "description", "created_datetime", "modified_datetime", "last_used_datetime",
                "use_count", "ignored_count", "refused_count",
            )
        },
    }  # fmt: skip
