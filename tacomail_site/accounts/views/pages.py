"""What the pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from tacomail_site.accounts.exceptions import TooManyAttempts
from tacomail_site.accounts.forms import ConfirmForm
from tacomail_site.accounts.limits import confirmation_counters
from tacomail_site.accounts.sessions import note_password
from tacomail_site.accounts.throttling import Attempt

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from tacomail_site.accounts.forms import AccountForm
    from tacomail_site.models import Operator

NEXT = "next"


def operator_of(request: HttpRequest) -> Operator:
    """Who is signed in, on a page for those who are."""
    return cast("Operator", request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with; None where it was not sent, only shown."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, name: str, form: AccountForm, **context: Any) -> HttpResponse:
    """A page of the sign-in with its form; one that was refused unread says when to try again."""
    return _waiting(render(request, f"accounts/{name}.html", {"form": form, **context}), form, form.status)


def settings_page(request: HttpRequest, name: str, form: AccountForm, **context: Any) -> HttpResponse:
    """A page of the settings with its form: 422 where something in it is wrong, 429 where it was refused unread."""
    return _waiting(render(request, f"accounts/{name}.html", {"form": form, **context}), form, form.answer_status())


def _waiting(response: HttpResponse, form: AccountForm, status: int) -> HttpResponse:
    response.status_code = status
    if form.wait:
        response["Retry-After"] = str(form.wait)
    return response


def next_url(request: HttpRequest) -> str:
    """Where to go after signing in: what the request names, if it is an address of this site."""
    wanted = str(request.POST.get(NEXT) or request.GET.get(NEXT) or "")
    return wanted if is_own_url(request, wanted) else resolve_url(settings.LOGIN_REDIRECT_URL)


def is_own_url(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def password_confirmed(request: HttpRequest, form: AccountForm) -> bool:
    """Whether the form's password is right, where it asks for one; else the form says what is wrong.

    Cost: 3 calls where it asks.
    """
    if "password" not in form.fields:
        return True
    operator = operator_of(request)
    attempt = Attempt(confirmation_counters(operator))
    try:
        attempt.begin()
    except TooManyAttempts as error:
        form.refuse_unread(error, "password")
        return False
    if not operator.check_password(form.cleaned_data["password"]):
        form.refuse_attempt(_("The password is wrong."), attempt, "password")
        return False
    attempt.succeeded()
    note_password(request)
    if isinstance(form, ConfirmForm):
        form.confirmed()
    return True
