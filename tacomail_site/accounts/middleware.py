"""What every request of the site goes through.

Believing a session only with our mark, keeping operators who must set up two-step sign-in at setting it up, and the
language and time zone of whoever asks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device

from aliases.api.access import FIND_CALLER
from tacomail_site.accounts.preferences import browser_language, language_of, zone_of
from tacomail_site.accounts.sessions import SecondStep, second_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

    GetResponse = Callable[[HttpRequest], HttpResponseBase]
    View = Callable[..., HttpResponseBase]

OPEN = "open_before_two_step"
HTML = "text/html"


class TwoStepMiddleware:
    """In place of django-otp's middleware, which loads the operator's device in every request.

    `request.user.otp_device` and `request.user.is_verified()` mean what they mean there, but rest on the session's
    mark, so that a request of somebody who signed in costs the session and the operator and nothing else. The device
    itself is loaded only when somebody looks at it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(partial(_believed, request, request.user))  # type: ignore[assignment]  # lazy
        del request.auser  # it would give the user without asking for the mark; there are no asynchronous views
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseRedirect | None:
        of_api = hasattr(request, FIND_CALLER)  # which asks by itself, and redirects nobody
        if of_api or getattr(view, OPEN, False) or not must_set_up_two_step(request.user):
            return None
        return redirect("accounts:two_step_set_up")


def open_before_two_step(view: View) -> View:
    """A view that operators reach who must set up two-step sign-in and have not."""
    setattr(view, OPEN, True)
    return view


def must_set_up_two_step(user: Any) -> bool:
    """Whether nothing but setting it up is open to this user: it is required, and the session has not passed it."""
    return bool(user.is_authenticated and user.two_step_required and not user.is_verified())


def _believed(request: HttpRequest, user: Any) -> Any:
    """The user of the session, where the session has our mark; else nobody."""
    step = second_step(request) if user.is_authenticated else None
    believed: Any = user if step is not None else AnonymousUser()
    believed.otp_device = None
    if step is SecondStep.PASSED:
        device_id = request.session.get(DEVICE_ID_SESSION_KEY, "")
        believed.otp_device = SimpleLazyObject(partial(Device.from_persistent_id, device_id))
    believed.is_verified = partial(_is_verified, believed)
    return believed


def _is_verified(user: Any) -> bool:
    return user.otp_device is not None


class PreferencesMiddleware:
    """The language and the time zone of whoever asks, for as long as the request lasts.

    It stands behind the middleware that believes a session. What the browser says holds until the view is known; then
    the operator is loaded anyway, so that asking for the choice costs no request to the table.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(browser_language(request)), timezone.override(None):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith(HTML):
                response.headers.setdefault("Content-Language", translation.get_language())
                patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    def process_view(self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        activate_preferences(request)


def activate_preferences(request: HttpRequest) -> None:
    """Take up what whoever is signed in has chosen, for the rest of the request."""
    translation.activate(language_of(request))
    timezone.activate(zone_of(request) or timezone.get_default_timezone())
