"""Starts and stops the whole stand-in: AWS APIs, mail functions, SMTP, site."""

from __future__ import annotations

import fcntl
import logging
import signal
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.session import Session

from aliases.records.connection import Table
from aliases.records.dump import dump_table, load_table
from aliases.records.exceptions import RecordError
from mailhandlers.local.aws import AwsServer
from mailhandlers.local.domains import DomainKeeper
from mailhandlers.local.environment import (
    FILE,
    MAILDIR_FOLDER,
    apply_environment,
    stack_environment,
    write_environment,
)
from mailhandlers.local.functions import Functions, register_functions
from mailhandlers.local.moto_ses import extend_moto, listen
from mailhandlers.local.notifications import Notifications
from mailhandlers.local.outbox import Outbox, reverse_path_reader
from mailhandlers.local.persistence import OBJECTS_FOLDER, TABLE_FILE, ObjectFiles, Saver, write_atomically
from mailhandlers.local.receiving import Receiver
from mailhandlers.local.seed import DOMAIN, seed
from mailhandlers.local.settings import (
    ACCOUNT,
    BUCKET,
    FOLDER_VARIABLE,
    HOST,
    PREFIX,
    REGION,
    TABLE,
    LocalError,
)
from mailhandlers.local.site import OPERATOR, SiteServer
from mailhandlers.local.smtp import SmtpServer, bind
from tacomail_site.deployment.provision import provision
from tacomail_site.deployment.resources import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from mailhandlers.local.functions import Function
    from mailhandlers.local.settings import LocalSettings

logger = logging.getLogger(__name__)

FINISH_SECONDS = 10.0  # how long the end waits for deliveries under way
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
OUTBOX_FOLDER = "outbox"
LOCK_FILE = "lock"


class Stack:
    """The whole, as a context manager. `functions` are the mail functions by the name that they are deployed under.

    Sets this process's environment. Raises LocalError when it cannot start.
    """

    def __init__(self, settings: LocalSettings, functions: Mapping[str, Function]) -> None:
        self.folder = settings.folder
        self.http_port = settings.http_port
        self.smtp_port = settings.smtp_port
        self.endpoint = ""
        self.password = ""  # of the operator that the first start makes; no other start knows it
        self._python_functions = functions
        self._started = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:  # a start that fails half-way undoes its first half
            self._start(started)
            self._started = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._started.close()

    def _start(self, started: ExitStack) -> None:
        """Everything is undone in the opposite order, so each part may rely on those before it."""
        started.enter_context(_locked(self.folder))
        (self.folder / MAILDIR_FOLDER).mkdir(exist_ok=True)  # as a mounted file system would be there
        site = SiteServer(self.http_port)
        started.callback(site.close)
        listening = bind(self.smtp_port)
        started.callback(listening.close)
        self.http_port, self.smtp_port = site.port, listening.getsockname()[1]

        saver = Saver(self._save)
        aws = AwsServer(self.folder, saver.changed)
        started.enter_context(aws)
        self.endpoint = aws.endpoint
        environment = stack_environment(self.folder, self.endpoint, self.http_port, self.smtp_port)
        apply_environment(environment)
        keeper = self._provision()
        # Only now, so that a start that failed to read the files cannot write over them.
        started.callback(saver.stop)
        saver.start()

        site.start()
        self.password = site.first_operator()
        started.callback(site.stop)
        smtp = SmtpServer(self._receiver(started, keeper), listening)
        smtp.start()
        started.callback(smtp.stop)
        write_environment(self.folder, environment)
        started.callback((self.folder / FILE).unlink, missing_ok=True)

    def _provision(self) -> DomainKeeper:
        """Everything that AWS holds: made by the code that a real account gets, then filled from the files."""
        extend_moto()
        session = Session(region_name=REGION)
        self._session = session
        deployment = Deployment(ACCOUNT, REGION, TABLE, BUCKET, PREFIX)
        register_functions(session, ACCOUNT, tuple(self._python_functions))
        provision(deployment, session)
        self._table = Table(TABLE, region=REGION)
        self._objects = ObjectFiles(self.folder / OBJECTS_FOLDER, session.client("s3"), BUCKET)
        self._restore()
        keeper = DomainKeeper(self._table, deployment, session.client("ses"))
        keeper.sync()
        return keeper

    def _restore(self) -> None:
        path = self.folder / TABLE_FILE
        try:
            with path.open(encoding="utf-8") as lines:
                load_table(self._table, lines)
        except FileNotFoundError:
            seed(self._table)  # the first start
        except (RecordError, UnicodeDecodeError) as error:
            raise LocalError(f"{path} cannot be read: {error} Mend it or move it away.") from error
        self._objects.restore()

    def _save(self) -> None:
        """New objects, then the table, then what is gone: a kill in between leaves a message twice, not never."""
        present = self._objects.write_new()
        write_atomically(self.folder / TABLE_FILE, (f"{line}\n".encode() for line in dump_table(self._table)))
        self._objects.remove_others(present)

    def _receiver(self, started: ExitStack, keeper: DomainKeeper) -> Receiver:
        s3, ses = self._session.client("s3"), self._session.client("ses")
        outbox = Outbox(self.folder / OUTBOX_FOLDER, reverse_path_reader(s3, BUCKET, PREFIX))
        listen(outbox.take)
        started.callback(listen, None)
        functions = Functions()
        deployment = keeper.deployment
        for name, function in self._python_functions.items():
            functions.add(deployment.function_arn(name), function)
        started.callback(_finish, functions)
        notifications = Notifications(s3, functions, REGION)
        return Receiver(ses, s3, functions, notifications, outbox, REGION, keeper.sync)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Two stacks with one folder would write over each other's state. Raises LocalError when there is one already."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK_FILE).open("w")
    except OSError as error:
        raise LocalError(
            f"The folder {folder} cannot be used ({error.strerror}): choose another in {FOLDER_VARIABLE}."
        ) from error
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(
                f"A local stack is running with the folder {folder}: stop it, or choose another in {FOLDER_VARIABLE}."
            ) from error
        yield


def _finish(functions: Functions) -> None:
    if not functions.finish(FINISH_SECONDS):
        logger.warning("stopped before every delivery was done; 'manage.py redeliver' finishes them")


def mail_functions() -> dict[str, Function]:
    """The two mail functions by the names that they are deployed under."""
    from mailhandlers import s3, ses

    return {"tacomail-ses": ses.handler, "tacomail-s3": s3.handler}


def run(settings: LocalSettings, functions: Mapping[str, Function], say: Callable[[str], object]) -> None:
    """Run in the foreground until Ctrl-C, SIGTERM or a closed terminal. Raises LocalError when it cannot start.

    The signals stay blocked, in the threads that start from here too, and are only waited for. A handler would not
    do: the system may hand a signal to any thread, and then the main one sleeps on.
    """
    _configure_logging()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    with Stack(settings, functions) as stack:
        say(summary(stack))
        signal.sigwait(STOP_SIGNALS)
        say("Stopping: finishing deliveries, saving the state.")


def _configure_logging() -> None:
    """A line for each message and for what goes wrong; the libraries below stay silent about the usual."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    for name in ("botocore", "urllib3", "werkzeug", "mail.log"):
        logging.getLogger(name).setLevel(logging.WARNING)


def summary(stack: Stack) -> str:
    """What a person needs to know who has just started it."""
    folder = _shown(stack.folder)
    shop = f"shop@{DOMAIN}"
    return "\n".join((
        "tacomail runs on this machine. Stop it with Ctrl-C.",
        "",
        f"  Site       http://{HOST}:{stack.http_port}/",
        f"  Sign in    {_sign_in(stack.password)}",
        f"  SMTP       {HOST} port {stack.smtp_port}",
        f"  AWS        {stack.endpoint}  (for other programs: set -a; . {folder}/{FILE}; set +a)",
        f"  Maildirs   {folder}/{MAILDIR_FOLDER}/alice, {folder}/{MAILDIR_FOLDER}/bob",
        f"  Outbox     {folder}/{OUTBOX_FOLDER}/  (mail that leaves through SES, bounces too)",
        "",
        "Send a message, for example:",
        "  make mail",
        f"  swaks --server {HOST}:{stack.smtp_port} --from jane@example.com --to {shop}",
        f"  curl smtp://{HOST}:{stack.smtp_port} --mail-from jane@example.com --mail-rcpt {shop} --crlf -T message.eml",
        "",
        f"At first there are shop@, news@, archive@, quiet@ (ignored) and closed@ (inactive) at {DOMAIN}.",
    ))  # fmt: skip


def _sign_in(password: str) -> str:
    if password:
        return f"as {OPERATOR} with the password {password}  (shown only now)"
    return f"as {OPERATOR}, with the password that the first start showed"


def _shown(path: Path) -> str:
    """Relative to where the person is, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
