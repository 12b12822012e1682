"""Serves the Django site on 127.0.0.1, with a thread for each request; makes its first operator."""

from __future__ import annotations

import threading

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from mailhandlers.local.settings import HOST, HTTP_VARIABLE, POLL_SECONDS, LocalError

OPERATOR = "admin"


class _Server(ThreadedWSGIServer):
    """Two hundred who come at the same moment are all let in: Django's queue of 10 lets the kernel send some away."""

    request_queue_size = 1_024


class SiteServer:
    """Raises LocalError that says which variable to change when the port is taken."""

    def __init__(self, port: int) -> None:
        try:
            self._server = _Server((HOST, port), WSGIRequestHandler)
        except OSError as error:
            raise LocalError(
                f"Port {port} on {HOST} cannot be used for the site ({error.strerror}): "
                f"choose another in {HTTP_VARIABLE}."
            ) from error
        self._thread = threading.Thread(target=self._serve, name="site", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def start(self) -> None:
        """The port is bound already; the application is imported now, when its environment is there."""
        from tacomail_site.wsgi import application

        self._server.set_app(application)
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=POLL_SECONDS)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def first_operator(self) -> str:
        """The password of the operator that was made because there is none yet; empty where there is one.

        The site has to be started, so that Django is set up.
        """
        from tacomail_site.accounts.first import ensure_operator, new_password

        password = new_password()
        return password if ensure_operator(OPERATOR, password) else ""

    def close(self) -> None:
        """Give the port back; also where `start` was never called."""
        self._server.server_close()
