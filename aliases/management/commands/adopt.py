from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from aliases.management.console import ConsoleCommand, command_config, printable
from aliases.management.progress import add_progress_option, progress_bar
from aliases.records.adopting import Adoption
from aliases.records.connection import PATIENT_LIMITS, Table
from aliases.records.exceptions import RecordError, TableError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from aliases.records.adoption import Plan


class Command(ConsoleCommand):
    help = (
        "Makes a table of the older (Node) version one of today: its list of domains becomes records of today, the "
        "destinations that aliases use are registered, addresses stored with upper case are lowered, and aliases that "
        "cannot be listed get what they lack for it. Nothing else changes, and mail goes on meanwhile. Without "
        "--apply it only says what it would do. It can be repeated, and taken up again after an interruption. "
        "Addresses that would become the same one stay and are named; then the exit status is 1. Switch the mail "
        "functions over first, and stop using the older version's API: it no longer finds its list of domains."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="do it; without this nothing is written")
        add_progress_option(parser)

    def run(self, options: dict[str, Any]) -> None:
        config = command_config()
        adoption = Adoption(Table.from_environment(PATIENT_LIMITS), config.local_domains)
        with progress_bar(options, "items") as bar:
            plan = adoption.plan(bar.update)
        done = self.apply(adoption, plan, options) if options["apply"] else self.show(plan)
        for remark in plan.remarks:
            self.stdout.write(printable(f"Note: {remark}."))
        for trouble in plan.unsolved:
            self.stdout.write(printable(f"Left: {trouble}."))
        self.stdout.write(done)
        if plan.unsolved:
            count = len(plan.unsolved)
            raise CommandError(
                f"{'1 thing is' if count == 1 else f'{count} things are'} left for you to decide (above)."
            )

    def show(self, plan: Plan) -> str:
        for change in plan.changes:
            self.stdout.write(printable(f"Would do: {change}."))
        count = len(plan.changes)
        if not count:
            return "There is nothing to adopt."
        return f"Nothing is written yet: {counted(count)} {'waits' if count == 1 else 'wait'} for --apply."

    def apply(self, adoption: Adoption, plan: Plan, options: dict[str, Any]) -> str:
        """One change after the other; one that cannot be made does not stop the others."""
        done = 0
        with progress_bar(options, "changes", len(plan.changes)) as bar:
            for change in plan.changes:
                try:
                    adoption.carry_out(change)
                except TableError:
                    raise  # it would be the same with the others
                except RecordError as error:
                    plan.unsolved.append(str(error).removesuffix("."))
                else:
                    done += 1
                    bar.clear()
                    self.stdout.write(printable(f"Done: {change}."))
                bar.update()
        return f"{counted(done)} made." if plan.changes else "There is nothing to adopt."


def counted(changes: int) -> str:
    return "1 change" if changes == 1 else f"{changes} changes"
