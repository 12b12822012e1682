from __future__ import annotations

import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mailhandlers.local.settings import LocalError, read_settings
from tacomail_site.deployment.exceptions import DeploymentError

# The site on a laptop shows its errors and needs no secret. What the person set goes first.
SITE_ENVIRONMENT = {"DJANGO_DEBUG": "1"}


class Command(BaseCommand):
    help = "Runs everything on this machine: site, SMTP listener, mail functions, and a stand-in for AWS."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before anything runs ends it without a traceback
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        self._with_site_environment()
        from mailhandlers.local.stack import mail_functions, run

        try:
            run(read_settings(), mail_functions(), self._say)
        except (LocalError, DeploymentError) as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # at once, also into a file or a pipe

    def _with_site_environment(self) -> None:
        """Django has read its settings before any command starts, so a missing variable needs a new beginning."""
        missing = {name: value for name, value in SITE_ENVIRONMENT.items() if name not in os.environ}
        if missing:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # kept for when we are here again
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **missing})  # noqa: S606
