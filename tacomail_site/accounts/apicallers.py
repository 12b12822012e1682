"""Who calls the API: by a token, by a signature that AWS checked, or by the session of the site with its CSRF token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from aliases.api.callers import Caller, Kind
from aliases.api.exceptions import NotAllowed, TooManyRequests, Unauthenticated
from aliases.api.paths import ADDY, MODERN, SIGN_IN, is_api_path
from tacomail_site.accounts import throttling
from tacomail_site.accounts.clients import client_network
from tacomail_site.accounts.exceptions import TooManyAttempts
from tacomail_site.accounts.middleware import must_set_up_two_step
from tacomail_site.accounts.recent import Recent
from tacomail_site.accounts.signedcallers import signed_caller
from tacomail_site.accounts.throttling import Attempt, Counter
from tacomail_site.accounts.tokenuse import ROLE_SCOPES, is_proven, token_caller
from tacomail_site.accounts.waiting import MINUTE, Limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

URLS = "aliases.api.urls"
BLANKS = " \t"
SCHEMES = re.compile(r"(?:bearer|token)(?:[ \t]+(.*))?", re.IGNORECASE | re.DOTALL)
FAILURES = Limit(free=30, longest_wait=15 * MINUTE)  # wrong tokens from one network

# Networks that have to wait, and until when (Unix seconds), as far as this process knows.
waiting: Recent[float] = Recent()


@sensitive_variables()
def find_caller(request: HttpRequest) -> Caller:
    """Raises Unauthenticated, NotAllowed, TooManyRequests, TableError.

    A token counts before anything else that came along, also a wrong one. Cost: 2 calls for a token, 2 or 4 where it is
    wrong, none while its network has to wait; none for an ARN; for a session that of the site.
    """
    if settings.HTTPS and not request.is_secure():
        raise NotAllowed(_("Ask with https: what is sent here can be read on the way."))
    token = token_of(request)
    if token is not None:
        return _by_token(request, token)
    return signed_caller(request) or _by_session(request)


@sensitive_variables()
def token_of(request: HttpRequest) -> str | None:
    """The token, where a header names one: `Authorization` with a scheme, or `Authentication` without.

    It may be empty. A header that came twice holds both with a comma, which is no token.
    """
    found = SCHEMES.fullmatch(request.headers.get("Authorization", "").strip(BLANKS))
    if found:
        return (found.group(1) or "").strip(BLANKS)
    bare = request.headers.get("Authentication")
    return None if bare is None else bare.strip(BLANKS)


@sensitive_variables()
def _by_token(request: HttpRequest, token: str) -> Caller:
    """A network that sent too many wrong ones has to wait, except with tokens that were right before."""
    if not token:
        raise Unauthenticated(_("The token is empty."))  # nobody guesses like this
    network = client_network(request)
    if not is_proven(token):
        _check_waiting(network)
    try:
        return token_caller(token, network)
    except Unauthenticated:
        _count_failure(network)
        raise


def _check_waiting(network: str) -> None:
    left = (waiting.get(network) or 0) - throttling.current_time()
    if left > 0:
        raise _must_wait(int(left) + 1)
    waiting.forget(network)


def _count_failure(network: str) -> None:
    attempt = Attempt([Counter(f"api/network/{network}", FAILURES, cleared=False)])
    try:
        attempt.begin()
    except TooManyAttempts as error:
        _remember_waiting(network, error.seconds)
        raise _must_wait(error.seconds) from error
    if attempt.wait:
        _remember_waiting(network, attempt.wait)


def _remember_waiting(network: str, seconds: int) -> None:
    waiting.note(network, throttling.current_time() + seconds)


def _must_wait(seconds: int) -> TooManyRequests:
    return TooManyRequests(_("There were too many wrong tokens from your address. Wait, then try again."), seconds)


def _by_session(request: HttpRequest) -> Caller:
    user: Any = request.user
    if not user.is_authenticated or must_set_up_two_step(user):
        raise Unauthenticated(_("Say who you are: send a token as “Authorization: Bearer …”."))
    why = _Csrf(_nothing).refusal(request)
    if why:
        raise NotAllowed(_("The request did not come from a page of this site: %(why)s") % {"why": why})
    return Caller(user.get_username(), Kind.SESSION, ROLE_SCOPES.get(user.role, frozenset()))


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _Csrf(CsrfViewMiddleware):
    """Django's check against requests that other sites make a browser send, its answer as text."""

    def refusal(self, request: HttpRequest) -> str:
        """Why the request is refused; empty where it is not."""
        # The check looks for a token among the fields of a form, too. The body is read first: views want it as it is.
        request.body  # noqa: B018
        request.csrf_processing_done = False  # type: ignore[attr-defined]  # see ApiMiddleware
        return str(self.process_view(request, _nothing, (), {}) or "")

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


class ApiMiddleware:
    """Gives the paths of the API their own URLs, and their views the function that finds the caller.

    The URLs are apart, so that pages never load what the API needs. It stands first, so that nothing redirects: a slash
    at the end of a path is as good as none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_api_path(request.path_info):
            request.path_info = request.path_info.rstrip("/")
            _forget_odd_length(request)
            if speaks_addy(request):
                request.path_info = f"{ADDY}{request.path_info}"
            if token_of(request) is not None or signed_caller(request) is not None:
                # Nobody asks a browser's session, then: it is not to cost anything.
                request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            request.urlconf = URLS
            request.find_caller = lambda: find_caller(request)  # type: ignore[attr-defined]  # for aliases.api.access
            # A token is no cookie: a browser does not send it by itself. `_by_session` checks what needs a check.
            request.csrf_processing_done = True  # type: ignore[attr-defined]  # Django's own mark
        return self.get_response(request)


def _forget_odd_length(request: HttpRequest) -> None:
    """Django first takes a Content-Length that is no number for 0, and fails at it once the body is read."""
    try:
        int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        request.META["CONTENT_LENGTH"] = "0"


def speaks_addy(request: HttpRequest) -> bool:
    """Whether the request is for the modern paths, and says that it comes from a client of addy.io.

    Some of their paths are the same; such clients send one of these headers with every request. Where one signs in, it
    is the first of them that tells it from clients of SimpleLogin.
    """
    headers = request.headers
    if headers.get("X-Requested-From"):
        return request.path_info.startswith((MODERN, SIGN_IN))
    return request.path_info.startswith(MODERN) and headers.get("X-Requested-With") == "XMLHttpRequest"
