"""The SMTP dialogue: who may be written to is settled at RCPT, everything else once the message is there."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from aiosmtpd.smtp import SMTP

from mailhandlers.local.receiving import Incoming
from mailhandlers.local.settings import HOST, SMTP_VARIABLE, LocalError
from mailhandlers.local.trace import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiosmtpd.smtp import Envelope, Session

    from mailhandlers.local.receiving import Receiver, RuleSet

logger = logging.getLogger(__name__)

MESSAGE_LIMIT = 40 * 1024 * 1024  # of SES, for mail that goes to S3
NULL_PATH = "<>"  # how aiosmtpd writes it
STOP_SECONDS = 35  # a message that is being received may take as long as a function may

T = TypeVar("T")


class _Dialogue(SMTP):
    """Takes lines of any length, as SES does; aiosmtpd stops at the 1,000 octets of RFC 5321."""

    line_length_limit = MESSAGE_LIMIT


class _Hooks:
    """What aiosmtpd calls. Receiving blocks, so it runs in threads."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._rule_sets: WeakKeyDictionary[Envelope, RuleSet] = WeakKeyDictionary()

    async def handle_MAIL(  # noqa: N802  the name that aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._rule_sets[envelope] = await _in_thread(self._receiver.rule_set)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self._rule_sets[envelope].accepts(address):
            return "550 5.1.1 Requested action not taken: mailbox unavailable"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        rule_set = self._rule_sets[envelope]
        incoming = Incoming(
            reverse_path="" if envelope.mail_from == NULL_PATH else envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            data=envelope.original_content or b"",
            client=Client(session.host_name or "localhost"),
        )
        logger.info("%s: from <%s> to %s", incoming.message_id, incoming.reverse_path, ", ".join(incoming.recipients))
        await _in_thread(lambda: self._receiver.receive(incoming, rule_set))
        return f"250 OK {incoming.message_id}"

    async def handle_exception(self, error: Exception) -> str:
        logger.error("receiving failed", exc_info=error)
        return "451 4.3.0 Requested action aborted: local error in processing"


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(None, work)


def bind(port: int) -> socket.socket:
    """A socket on 127.0.0.1. Raises LocalError that says which variable to change when the port is taken."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((HOST, port))
        opened.listen()  # from now on the port is ours; who connects waits until the server runs
    except OSError as error:
        opened.close()
        raise LocalError(
            f"Port {port} on {HOST} cannot be used for SMTP ({error.strerror}): choose another in {SMTP_VARIABLE}."
        ) from error
    return opened


class SmtpServer:
    """The listener, in a thread with an event loop of its own."""

    def __init__(self, receiver: Receiver, listening: socket.socket) -> None:
        self._hooks = _Hooks(receiver)
        self._socket = listening
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._thread.start()
        self._server = self._run(self._listen())

    def stop(self) -> None:
        """Take no more connections, let messages that are being received finish, end."""
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(STOP_SECONDS)

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._dialogue, sock=self._socket)

    def _dialogue(self) -> SMTP:
        return _Dialogue(
            self._hooks, data_size_limit=MESSAGE_LIMIT, hostname="localhost", ident="tacomail", loop=self._loop
        )

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        await self._loop.shutdown_default_executor()
