"""The operator's own pages: who they are and how the pages look to them, another password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from aliases.ui.pages import page
from aliases.wording.errors import REFUSALS
from tacomail_site.accounts import preferences, services, sessions, twostep
from tacomail_site.accounts.exceptions import WeakPassword
from tacomail_site.accounts.forms import PasswordForm
from tacomail_site.accounts.middleware import activate_preferences, open_before_two_step
from tacomail_site.accounts.settingsforms import OPEN, AppearanceForm, ProfileForm
from tacomail_site.accounts.views.pages import next_url, operator_of, password_confirmed, posted, settings_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.ui.pages import Request
    from tacomail_site.models import Operator


@page("GET", "POST")
def profile(request: Request) -> HttpResponse:
    """Name, language, time zone and theme. Cost: 1 call where two-step sign-in is on; up to 5 to save."""
    operator = operator_of(request)
    form = ProfileForm(posted(request), shown=_shown(request, operator))
    if form.is_valid() and _profile_kept(form, operator):
        activate_preferences(request)
        messages.success(request, _("Your settings are saved."))
        response: HttpResponse = redirect("accounts:profile")
        chosen = {name: form.cleaned_data[name] for name in ("language", "theme")}
        preferences.remember_in_browser(response, **chosen)
        return response
    is_on = sessions.passed_second_step(request)
    left = twostep.codes_left(operator) if is_on else 0
    return settings_page(request, "profile", form, title=_("Your profile"), two_step=is_on, codes_left=left)


def _shown(request: HttpRequest, operator: Operator) -> dict[str, str]:
    """What the form begins with: what holds now, also where this browser says so and not the operator."""
    zone = preferences.known_zone(operator.time_zone)
    return {
        "name": operator.name,
        "language": preferences.chosen_language(request) or OPEN,
        "time_zone": preferences.UTC if zone is None else zone.key,
        "theme": preferences.theme_of(request) or OPEN,
    }


def _profile_kept(form: ProfileForm, operator: Operator) -> bool:
    """False where it is refused; then the form says why."""
    cleaned = form.cleaned_data
    try:
        preferences.set_preferences(
            operator, language=cleaned["language"], time_zone=cleaned["time_zone"], theme=cleaned["theme"]
        )
        if cleaned["name"] != operator.name:
            services.set_name(operator, cleaned["name"], by=operator.username)
    except REFUSALS as error:
        form.refuse(error)
        return False
    return True


@open_before_two_step
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Another language or theme at once, signed in or not, and back to the page. Cost: 2 calls for an operator."""
    form = AppearanceForm(request.POST)
    response: HttpResponse = redirect(next_url(request))
    if not form.is_valid():
        messages.error(request, _("There is no such language, or no such theme."))
        return response
    chosen = form.pressed()
    if request.user.is_authenticated:
        preferences.set_preferences(operator_of(request), **chosen)
    preferences.remember_in_browser(response, **chosen)
    return response


@page("GET", "POST")
@sensitive_post_parameters("password", "new_password", "repeated")
def password(request: Request) -> HttpResponse:
    """Another password. Every other session ends."""
    form = PasswordForm(posted(request))
    if form.is_valid() and password_confirmed(request, form) and _password_set(request, form):
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("accounts:profile")
    return settings_page(request, "password", form, title=_("Change your password"))


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
