from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import (
    ConsoleCommand,
    command_config,
    for_each,
    moment,
    printable,
    shown_address,
    stored_address,
)
from aliases.models import State
from aliases.records.addresses import domain_name, parse_mailbox, shown_form
from aliases.records.alias import Alias, destination_entries
from aliases.records.destinations import comparison_form
from aliases.records.exceptions import InvalidAddress, NotFound
from aliases.records.history import Action
from aliases.services import COMMAND_LINE
from aliases.services.aliases import (
    create_alias,
    delete_alias,
    describe_alias,
    edit_alias,
    find_alias,
    set_alias_destinations,
    set_alias_state,
)
from aliases.services.histories import history_of, last_of_address
from aliases.services.names import NameStyle
from aliases.services.restoring import deletion_of, restore_alias
from aliases.services.stores import alias_store, registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.core.management.base import CommandParser

    from aliases.models import Alias as AliasModel
    from aliases.records.history import HistoryEntry

ON_OFF = {"on": True, "off": False}
STATES = {
    "pause": (State.PAUSED, "is paused: mail for it is refused."),
    "resume": (State.ACTIVE, "is active."),
    "ignore": (State.IGNORED, "is ignored: mail for it vanishes without a word."),
}
SHOWING = {"show": "show all that is known about an alias", "history": "show who changed an alias, and what"}
MANY = {**{name: f"the alias {said}" for name, (_, said) in STATES.items()}, "delete": "the alias is deleted."}


class Command(ConsoleCommand):
    help = "Adds, lists, changes and removes aliases, and tells who changed them."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        add = actions.add_parser("add", help="make an alias")
        add.add_argument("address", nargs="?", help="left out where --domain says that the name is generated")
        add.add_argument("destination", help="alice@tacomail (a Maildir), S3 (the bucket), or a mailbox elsewhere")
        add.add_argument("--domain", default="", help="generate a name on this domain")
        add.add_argument("--style", choices=list(NameStyle), default=None, help="of a generated name; default: words")
        add.add_argument("--description", default="", metavar="TEXT")
        listing = actions.add_parser("list", help="list aliases")
        listing.add_argument("text", nargs="?", default="", help="a part of an address, description or destination")
        listing.add_argument("--domain", default="")
        listing.add_argument("--json", action="store_true")
        for action, what in SHOWING.items():
            show = actions.add_parser(action, help=what)
            show.add_argument("address")
            show.add_argument("--json", action="store_true")
        for action, what in MANY.items():
            actions.add_parser(action, help=what).add_argument("address", nargs="+")
        rename = actions.add_parser("rename", help="give an alias another address; all else about it stays")
        rename.add_argument("address")
        rename.add_argument("new_address")
        destinations = actions.add_parser("destinations", help="set all destinations of an alias, each on or off")
        destinations.add_argument("address")
        destinations.add_argument("destination", nargs="+", metavar="DESTINATION[=on|off]")
        describe = actions.add_parser("describe", help="set the description of an alias")
        describe.add_argument("address")
        describe.add_argument("text")
        actions.add_parser("restore", help="bring a deleted alias back").add_argument("address")

    def run(self, options: dict[str, Any]) -> None:
        command_config()
        action, address = options["action"], options.get("address")
        one_by_one: dict[str, Callable[[str], None]] = {
            "delete": self.delete,
            **{name: partial(self.change_state, name) for name in STATES},
        }
        if action in one_by_one:
            for_each(address or (), one_by_one[action])
            return
        match action:
            case "add":
                self.add(options)
            case "list":
                self.show_list(options["text"], options["domain"], as_json=options["json"])
            case "show":
                self.show(alias_store().find(str(address)), as_json=options["json"])
            case "history":
                self.show_history(str(address), as_json=options["json"])
            case "rename":
                self.rename(str(address), options["new_address"])
            case "destinations":
                self.set_destinations(str(address), options["destination"])
            case "describe":
                alias = describe_alias(find_alias(str(address)), options["text"], by=COMMAND_LINE)
                self.stdout.write(f"{alias} is described.")
            case "restore":
                self.restore(str(address))

    def add(self, options: dict[str, Any]) -> None:
        address, domain, style = options["address"], options["domain"], options["style"]
        if bool(address) == bool(domain) or (style and not domain):
            raise CommandError(
                "Name the alias: 'alias add ADDRESS DESTINATION'. Or have its name generated: "
                f"'alias add --domain DOMAIN [--style {'|'.join(NameStyle)}] DESTINATION'."
            )
        mailbox = parse_mailbox(address) if address else None
        domain = mailbox.domain_as_written if mailbox else domain
        with served_ones_named(domain):
            alias = create_alias(
                domain,
                by=COMMAND_LINE,
                local_part=mailbox.local_part if mailbox else "",
                style=NameStyle(style or NameStyle.WORDS),
                destination=options["destination"],
                description=options["description"],
            )
        self.stdout.write(f"{alias} is active and goes to {alias.destination}.")
        self.hint([alias.destination])

    def hint(self, destinations: Iterable[str]) -> None:
        """Say what the destinations lack: nothing of it keeps an alias from being made."""
        known = {comparison_form(entry.name): entry for entry in registry().destinations()}
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

    def show_list(self, text: str, domain: str, *, as_json: bool) -> None:
        found = sorted(matching(text, domain), key=lambda alias: (alias.sub_domain, alias.alias_address))
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

    def show_history(self, address: str, *, as_json: bool) -> None:
        """Of an alias that is gone too."""
        found = list(history_of("alias", identifier_of(address)))
        if as_json:
            self.print_json([history_document(entry) for entry in found])
        elif found:
            self.print_table(
                ("WHEN", "WHO", "WHAT", "ADDRESS", "CHANGES"),
                [
                    (moment(e.moment), e.actor, str(e.action), shown_address(e.object_name), changes(e) or "-")
                    for e in found
                ],
            )
        else:
            self.stdout.write(f"The history says nothing about {address}.")

    def change_state(self, action: str, address: str) -> None:
        wanted, said = STATES[action]
        self.stdout.write(f"{set_alias_state(find_alias(address), wanted, by=COMMAND_LINE)} {said}")

    def delete(self, address: str) -> None:
        alias = find_alias(address)
        delete_alias(alias, by=COMMAND_LINE)
        self.stdout.write(f"{alias} is deleted.")

    def restore(self, address: str) -> None:
        alias = restore_alias(deletion_of(identifier_of(address)), by=COMMAND_LINE)
        self.stdout.write(f"{alias} is back, as it was.")

    def rename(self, address: str, new_address: str) -> None:
        alias, mailbox = find_alias(address), parse_mailbox(new_address)
        with served_ones_named(mailbox.domain_as_written):
            renamed = edit_alias(
                alias, by=COMMAND_LINE, local_part=mailbox.local_part, domain=mailbox.domain_as_written
            )
        self.stdout.write(f"{alias} is now {renamed}.")

    def set_destinations(self, address: str, words: Sequence[str]) -> None:
        wanted = dict(on_or_off(word) for word in words)
        alias = set_alias_destinations(find_alias(address), wanted, by=COMMAND_LINE)
        self.stdout.write(f"{alias} goes to {entries(alias)}.")
        if not any(wanted.values()):
            self.stdout.write("Hint: none of them is on, so mail waits in the bucket.")
        self.hint([text for text, on in alias.destination_list if on])


def matching(text: str, domain: str) -> Iterable[Alias]:
    store = alias_store()
    if not domain:
        return store.search(text) if text else store.aliases()
    name = domain_name(domain)
    if not text:
        return store.of_domain(name)
    return (alias for alias in store.search(text) if alias.sub_domain == name)


def identifier_of(address: str) -> str:
    """Of the alias that has this address, or else had it last. Raises NotFound."""
    try:
        return find_alias(address).identifier
    except NotFound:
        entry = last_of_address(stored_address(address))
        if entry is None:
            raise
        return entry.object_id


@contextmanager
def served_ones_named(domain: str) -> Iterator[None]:
    """Makes the refusal of a domain that is not served say how to serve it."""
    try:
        yield
    except InvalidAddress as error:
        if error.code != "not_served":
            raise
        name = domain_name(domain)
        domains = registry().domains()
        others = ", ".join(shown_form(known.name) for known in domains if known.active) or "none"
        step = "activate" if name in {known.name for known in domains} else "add"
        raise CommandError(
            f"{shown_form(name)} is not served, so mail for it would be refused. Served: {others}. "
            f"'manage.py domain {step} {shown_form(name)}' makes it so."
        ) from error


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


def entries(alias: Alias | AliasModel) -> str:
    """The destinations, those that are off too."""
    record: Any = alias
    return ", ".join(text if on else f"{text} (off)" for text, on in destination_entries(record))


def changes(entry: HistoryEntry) -> str:
    """What the entry tells, in words: only the new values, and of a deletion none, since everything ended."""
    if entry.action is Action.DELETED:
        return ""
    return ", ".join(f"{name}: {told(name, after)}" for name, (_, after) in entry.changes.items())


def told(name: str, value: Any) -> str:
    if name == "destinations":
        return entries(Alias(destinations=value)) or "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, "") else str(value)


def history_document(entry: HistoryEntry) -> dict[str, Any]:
    """One entry for programs."""
    return {
        "moment": entry.moment,
        "actor": entry.actor,
        "action": str(entry.action),
        "full_address": entry.object_name,
        "identifier": entry.object_id,
        "changes": entry.changes,
    }


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
