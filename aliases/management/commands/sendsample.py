from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from mailhandlers.local.sample import RECIPIENT, SENDER, SUBJECT, sample_message, send, smtp_port
from mailhandlers.local.settings import LocalError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Sends a message to the running local stack by SMTP and shows what it answers."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a message (.eml) to send instead of the sample")
        parser.add_argument("--to", action="append", metavar="ADDRESS", help=f"may be repeated; default {RECIPIENT}")
        parser.add_argument("--from", dest="sender", default=SENDER, metavar="ADDRESS", help="'' is the null path")
        parser.add_argument("--subject", default=SUBJECT, metavar="TEXT", help="of the sample")

    def handle(self, *args: Any, **options: Any) -> None:
        recipients, sender = options["to"] or [RECIPIENT], options["sender"]
        data = self._read(options["file"]) or sample_message(sender or SENDER, recipients, options["subject"])
        try:
            dialogue = send(smtp_port(), sender, recipients, data)
        except LocalError as error:
            raise CommandError(str(error)) from error
        for recipient, (code, text) in dialogue.refused.items():
            self.stderr.write(f"{recipient}: {code} {text}")
        if dialogue.message is None:
            raise CommandError("Every recipient was refused, so nothing was sent.")
        code, text = dialogue.message
        if code >= 400:
            raise CommandError(f"The message was refused: {code} {text}")
        accepted = [recipient for recipient in recipients if recipient not in dialogue.refused]
        self.stdout.write(f"{', '.join(accepted)}: {code} {text}")

    def _read(self, path: Path | None) -> bytes | None:
        if path is None:
            return None
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
