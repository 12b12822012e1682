"""The operator's own page: what there is, another password, signing out elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tacomail_site.accounts import services, sessions, twostep
from tacomail_site.accounts.exceptions import WeakPassword
from tacomail_site.accounts.forms import ConfirmForm, PasswordForm
from tacomail_site.accounts.views.pages import form_page, operator_of, password_confirmed, posted
from tacomail_site.accounts.views.signing_in import PAGE_METHODS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and how. Cost: 1 call where two-step sign-in is on."""
    operator = operator_of(request)
    is_on = sessions.passed_second_step(request)
    left = twostep.codes_left(operator) if is_on else 0
    context = {"title": _("Your account"), "two_step": is_on, "codes_left": left}
    return render(request, "accounts/profile.html", context)


@never_cache
@login_required
@sensitive_post_parameters("password", "new_password", "repeated")
@require_http_methods(PAGE_METHODS)
def password(request: HttpRequest) -> HttpResponse:
    """Another password. Every other session ends."""
    form = PasswordForm(posted(request))
    if form.is_valid() and password_confirmed(request, form) and _password_set(request, form):
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("accounts:profile")
    return form_page(request, "password", form, title=_("Change your password"))


def _password_set(request: HttpRequest, form: PasswordForm) -> bool:
    operator = operator_of(request)
    try:
        services.set_password(operator, form.cleaned_data["new_password"], by=operator.username)
    except WeakPassword as error:
        for reason in error.reasons:
            form.add_error("new_password", reason)
        return False
    sessions.keep_this_session(request, operator)
    return True


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(PAGE_METHODS)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session but this one: whoever is here has just shown the password."""
    form = ConfirmForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        operator = operator_of(request)
        services.sign_out_everywhere(operator, by=operator.username)
        sessions.keep_this_session(request, operator)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("accounts:profile")
    return form_page(request, "sign_out_everywhere", form, title=_("Sign out everywhere else"))
