"""Setting two-step sign-in up, switching it off, and new recovery codes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import DEVICE_ID_SESSION_KEY

from aliases.ui.pages import page
from tacomail_site.accounts import services, sessions, twostep
from tacomail_site.accounts.forms import ConfirmForm, SetUpForm
from tacomail_site.accounts.middleware import open_before_two_step
from tacomail_site.accounts.sessions import SecondStep
from tacomail_site.accounts.views.pages import operator_of, password_confirmed, posted, settings_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from aliases.ui.pages import Request

NEW_SECRET = "new_secret"  # noqa: S105  a key of the session


@page("GET")
def overview(request: Request) -> HttpResponse:
    """Whether it is on, and what can be done about it. Cost: 1 call where it is on."""
    is_on = sessions.passed_second_step(request)
    left = twostep.codes_left(operator_of(request)) if is_on else 0
    context = {"title": _("Two-step sign-in"), "two_step": is_on, "codes_left": left}
    return render(request, "accounts/two_step.html", context)


@open_before_two_step
@page("GET", "POST")
@sensitive_post_parameters("password")
def set_up(request: Request) -> HttpResponse:
    """An authenticator, or another one in place of it. It counts when a code of it has been typed.

    Until then its secret is in the session and nowhere else.
    """
    operator = operator_of(request)
    secret = request.session.get(NEW_SECRET)
    if secret is None:
        secret = request.session[NEW_SECRET] = twostep.new_secret()
    device = twostep.unsaved_device(operator, secret)
    form = SetUpForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        if twostep.accepted(device, form.cleaned_data["code"]):
            return _set_up(request, secret)
        form.refuse_field(_("This code is not right. Is the clock of your phone right?"), "code")
    required = operator.two_step_required and not sessions.passed_second_step(request)
    return settings_page(
        request, "two_step_set_up", form, title=_("Set up two-step sign-in"),
        qr_code=twostep.qr_code(device), app_url=device.config_url, secret=twostep.shown_secret(device),
        required=required, layout="ui/narrow.html" if required else "accounts/settings.html",
    )  # fmt: skip


def _set_up(request: HttpRequest, secret: str) -> HttpResponse:
    operator = operator_of(request)
    device, codes = services.set_up_two_step(operator, secret, by=operator.username)
    del request.session[NEW_SECRET]
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    sessions.keep_this_session(request, operator, SecondStep.PASSED)
    return _new_codes(request, codes, gettext("Two-step sign-in is on. Every other session has ended."))


@page("GET", "POST")
@sensitive_post_parameters("password")
def recovery_codes(request: Request) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    operator = operator_of(request)
    if not sessions.passed_second_step(request):
        return redirect("accounts:two_step_set_up")
    form = ConfirmForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        codes = services.renew_recovery_codes(operator, by=operator.username)
        return _new_codes(request, codes, gettext("The old recovery codes are void."))
    return settings_page(request, "recovery_codes", form, title=_("New recovery codes"))


def _new_codes(request: HttpRequest, codes: Sequence[str], said: str) -> HttpResponse:
    """The codes, for once: neither the table nor the session holds them."""
    heading = gettext("Recovery codes of %(name)s for %(host)s") % {
        "name": operator_of(request).username,
        "host": request.get_host(),
    }
    text = "\n".join([heading, "", *codes, ""])
    context = {
        "title": _("Your recovery codes"), "codes": codes, "said": said, "heading": heading, "text": text,
        "file": f"data:text/plain;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}",
    }  # fmt: skip
    return render(request, "accounts/new_recovery_codes.html", context)


@page("GET", "POST")
@sensitive_post_parameters("password")
def switch_off(request: Request) -> HttpResponse:
    """Sign in with the password alone again. Always asks for the password."""
    operator = operator_of(request)
    if not sessions.passed_second_step(request):
        return redirect("accounts:two_step")
    if operator.two_step_required:
        messages.error(request, _("Two-step sign-in is required for you: an owner can change that."))
        return redirect("accounts:two_step")
    form = ConfirmForm(posted(request), ask=True)
    if form.is_valid() and password_confirmed(request, form):
        services.disable_two_step(operator, by=operator.username)
        request.session.pop(DEVICE_ID_SESSION_KEY, None)
        sessions.keep_this_session(request, operator, SecondStep.NOT_SET_UP)
        messages.success(request, _("Two-step sign-in is off. You are signed out everywhere else."))
        return redirect("accounts:two_step")
    return settings_page(request, "two_step_off", form, title=_("Switch two-step sign-in off"))
