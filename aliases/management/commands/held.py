from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.management.console import (
    ConsoleCommand,
    because,
    command_config,
    moment,
    printable,
    shown_address,
    shown_sender,
    shown_size,
)
from aliases.records.connection import PATIENT_LIMITS, Table
from aliases.records.message import MessageState
from aliases.records.messages import MessageStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import CommandParser

    from aliases.records.message import Message, Result


class Command(ConsoleCommand):
    help = "Shows the mail that waits in the bucket, and why. 'redeliver --held' tries it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def run(self, options: dict[str, Any]) -> None:
        config = command_config()
        waiting = list(MessageStore(Table.from_environment(PATIENT_LIMITS), config.log_days).held())
        if options["json"]:
            self.print_json([document(message) for message in waiting])
            return
        for message in waiting:
            for line in lines(message):
                self.stdout.write(printable(line))
        self.stdout.write(f"{len(waiting)} waiting." if waiting else "Nothing waits.")


def lines(message: Message) -> Iterator[str]:
    recipients = ", ".join(shown_address(recipient) for recipient in message.recipients) or "nobody known"
    yield f"{message.message_id}  {moment(message.received)}  {shown_size(message.size)}"
    yield f"    from {shown_sender(message.reverse_path)} to {recipients}"
    word = "failed" if message.state is MessageState.FAILED else "held"
    yield f"    {word} because {because(message.hold_reason)}"
    for name, result in message.results.items():
        yield f"    {name}: {result_text(result)}"


def result_text(result: Result) -> str:
    detail = result.error or (because(result.reason) if result.reason else "")
    return f"{result.outcome}, {detail}" if detail else str(result.outcome)


def document(message: Message) -> dict[str, Any]:
    """The message for programs; moments in Unix seconds."""
    return {
        "message_id": message.message_id,
        "state": str(message.state),
        "received": message.received,
        "reverse_path": message.reverse_path,
        "recipients": list(message.recipients),
        "hold_reason": message.hold_reason,
        "results": {
            name: {"outcome": str(r.outcome), "reason": r.reason, "error": r.error, "at": r.at}
            for name, r in message.results.items()
        },
        "size": message.size,
        "object_key": message.object_key,
    }
