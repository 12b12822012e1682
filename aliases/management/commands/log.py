from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aliases.management.console import (
    ConsoleCommand,
    because,
    command_config,
    moment,
    shown_address,
    shown_sender,
    shown_size,
    stored_address,
)
from aliases.records.connection import PATIENT_LIMITS, Table
from aliases.records.exceptions import InvalidAddress, NotFound
from aliases.records.messages import MessageStore
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.management.base import CommandParser

    from aliases.records.log import LogItem


class Command(ConsoleCommand):
    help = "Shows what became of the messages for one alias, or for an address without one; the newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--json", action="store_true")

    def run(self, options: dict[str, Any]) -> None:
        config = command_config()
        table = Table.from_environment(PATIENT_LIMITS)
        found = entries(MessageStore(table, config.log_days), AliasStore(table), options["address"])
        if options["json"]:
            self.print_json([document(entry) for entry in found])
        elif found:
            self.print_table(("RECEIVED", "OUTCOME", "WHY", "FROM", "SIZE", "MESSAGE"), [row(entry) for entry in found])
        else:
            self.stdout.write(f"Nothing is recorded for {shown_address(options['address'])}.")


def entries(messages: MessageStore, aliases: AliasStore, address: str) -> list[LogItem]:
    """The entries under the first spelling that has any."""
    for spelling in dict.fromkeys(spellings(aliases, address)):
        found = list(messages.log_of(spelling))
        if found:
            return found
    return []


def spellings(aliases: AliasStore, address: str) -> Iterator[str]:
    """An alias that is there, in any spelling; one that was renamed or deleted; a recipient that was no address."""
    with suppress(NotFound):
        yield aliases.find(address).address
    with suppress(InvalidAddress):
        yield stored_address(address)
    yield address.strip().lower()


def row(entry: LogItem) -> tuple[str, ...]:
    return (
        moment(entry.received_datetime),
        entry.outcome or "-",
        why(entry),
        shown_sender(entry.reverse_path),
        shown_size(entry.size or 0),
        entry.message_id or "-",
    )


def why(entry: LogItem) -> str:
    """The reason, and the error texts that the deliveries met."""
    results: Iterable[Any] = entry.results.values() if isinstance(entry.results, dict) else ()
    errors = [result["error"] for result in results if isinstance(result, dict) and result.get("error")]
    return "; ".join([because(entry.reason or ""), *map(str, errors)])


def document(entry: LogItem) -> dict[str, Any]:
    """The entry for programs, its attributes named as stored."""
    names = (
        "message_id", "address", "recipients", "outcome", "reason", "results", "reverse_path", "verdicts",
        "received_datetime", "size",
    )  # fmt: skip
    return {name: getattr(entry, name) for name in names}
