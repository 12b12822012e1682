"""Signing in, in one step or two, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import auth, messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tacomail_site.accounts import sessions, twostep
from tacomail_site.accounts.clients import remember_browser
from tacomail_site.accounts.exceptions import TooManyAttempts
from tacomail_site.accounts.forms import CodeForm, RecoveryForm, SignInForm
from tacomail_site.accounts.limits import code_counters, password_counters
from tacomail_site.accounts.middleware import activate_preferences, open_before_two_step
from tacomail_site.accounts.throttling import Attempt
from tacomail_site.accounts.views.pages import form_page, next_url, posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django_otp.models import Device

    from tacomail_site.models import Operator

    Check = Callable[[Operator, Device, str], bool]

PAGE_METHODS = ["GET", "HEAD", "POST"]


@open_before_two_step
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(PAGE_METHODS)
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password. A wrong one costs 3 calls, a right one 11, or 9 where a second step follows."""
    wanted = next_url(request)
    if request.user.is_authenticated:
        return redirect(wanted)
    form = SignInForm(posted(request))
    operator = _right_password(request, form) if form.is_valid() else None
    if operator is None:
        return form_page(request, "sign_in", form, next=wanted, title=_("Sign in"))
    stay = form.cleaned_data["stay"]
    if twostep.confirmed_device(operator) is not None:
        sessions.begin_second_step(request, operator, stay=stay, next_url=wanted)
        return redirect("accounts:code")
    return _signed_in(request, operator, None, stay=stay, wanted=wanted)


def _right_password(request: HttpRequest, form: SignInForm) -> Operator | None:
    """The operator; None where it is too early, or something is wrong. Which of the two fields, nobody learns."""
    username, password = form.cleaned_data["username"], form.cleaned_data["password"]
    attempt = Attempt(password_counters(request, username))
    try:
        attempt.begin()
    except TooManyAttempts as error:
        form.refuse_unread(error, "password")
        return None
    operator = auth.authenticate(request, username=username, password=password)
    if operator is None:
        form.refuse_attempt(_("The user name or the password is wrong."), attempt, "password")
        return None
    attempt.succeeded()
    return operator


@open_before_two_step
@never_cache
@require_http_methods(PAGE_METHODS)
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the authenticator. A wrong one costs 5 calls, a right one 16."""
    form = CodeForm(posted(request))
    return _second_step(request, form, lambda _operator, device, typed: twostep.accepted(device, typed))


@open_before_two_step
@never_cache
@require_http_methods(PAGE_METHODS)
def recovery(request: HttpRequest) -> HttpResponse:
    """The second step: a recovery code. A wrong one costs 6 calls, a right one 18."""
    form = RecoveryForm(posted(request))
    return _second_step(request, form, lambda operator, _device, typed: twostep.accepted_recovery(operator, typed))


def _second_step(request: HttpRequest, form: CodeForm | RecoveryForm, is_right: Check) -> HttpResponse:
    waiting = sessions.pending_sign_in(request)
    if waiting is None:
        messages.info(request, _("Please begin again: the sign-in took too long, or is over already."))
        return redirect("accounts:sign_in")
    pending, operator = waiting
    if form.is_valid():
        device = twostep.confirmed_device(operator)
        if device is not None and _right_code(request, form, operator, device, is_right):
            response = _signed_in(request, operator, device, stay=pending.stay, wanted=pending.next_url)
            if isinstance(form, RecoveryForm):
                _say_how_many_are_left(request, operator)
            return response
    name = "recovery" if isinstance(form, RecoveryForm) else "code"
    return form_page(request, name, form, title=_("Two-step sign-in"))


def _right_code(
    request: HttpRequest, form: CodeForm | RecoveryForm, operator: Operator, device: Device, is_right: Check
) -> bool:
    attempt = Attempt(code_counters(request, operator))
    try:
        attempt.begin()
    except TooManyAttempts as error:
        form.refuse_unread(error, "code")
        return False
    if not is_right(operator, device, form.cleaned_data["code"]):
        form.refuse_attempt(form.wrong, attempt, "code")
        return False
    attempt.succeeded()
    return True


def _signed_in(
    request: HttpRequest, operator: Operator, device: Device | None, *, stay: bool, wanted: str
) -> HttpResponse:
    sessions.sign_in(request, operator, device, stay=stay)
    activate_preferences(request)  # what this page still says is said to the operator
    response = redirect(wanted)
    remember_browser(request, response, operator.username)
    return response


def _say_how_many_are_left(request: HttpRequest, operator: Operator) -> None:
    left = twostep.codes_left(operator)
    text = ngettext(
        "You have %(left)d recovery code left. Make new ones before you need the last.",
        "You have %(left)d recovery codes left. Make new ones before you need the last.",
        left,
    )
    messages.warning(request, text % {"left": left})


@open_before_two_step
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session. Cost: 5 calls."""
    auth.logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")
