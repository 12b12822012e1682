"""What an owner does about one operator beyond the form: each asks first, says what will happen, then does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from aliases.ui.pages import found, page
from aliases.wording.errors import REFUSALS
from tacomail_site.accounts import services, sessions
from tacomail_site.accounts.forms import ConfirmForm
from tacomail_site.accounts.throttling import forget_failures
from tacomail_site.accounts.views.operators import OWNER, made_password
from tacomail_site.accounts.views.pages import operator_of, password_confirmed, posted, settings_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from aliases.ui.pages import Request
    from tacomail_site.models import Operator


@dataclass(frozen=True, slots=True)
class Action:
    """`act` takes the operator, and `by`: who does it. `own` is the page where somebody does it to themselves."""

    act: Callable[..., object]
    title: _StrPromise
    text: _StrPromise
    button: _StrPromise
    done: _StrPromise
    own: str = ""
    makes_password: bool = False  # `act` gives it
    is_grave: bool = False  # the operator is gone then


def _let_in(operator: Operator, *, by: str) -> None:
    forget_failures(operator.username)


ACTIONS = {
    "password": Action(
        services.reset_password,
        gettext_lazy("A new password for %(name)s"),
        gettext_lazy("A password is made and shown to you, once. The old one is void, and every session of them ends."),
        gettext_lazy("Make a new password"),
        gettext_lazy("The new password of %(name)s"),
        own="accounts:password",
        makes_password=True,
    ),
    "two_step": Action(
        services.disable_two_step,
        gettext_lazy("Reset two-step sign-in of %(name)s"),
        gettext_lazy(
            "For a lost phone: the authenticator and the recovery codes are forgotten, and every session of them ends. "
            "The password alone lets them in then; where two-step sign-in is required, they set it up anew."
        ),
        gettext_lazy("Reset two-step sign-in"),
        gettext_lazy("%(name)s signs in with the password alone now."),
        own="accounts:two_step",
    ),
    "sign_out": Action(
        services.sign_out_everywhere,
        gettext_lazy("Sign %(name)s out everywhere"),
        gettext_lazy("Every session of them ends, in all browsers. They may sign in again."),
        gettext_lazy("Sign out everywhere"),
        gettext_lazy("%(name)s is signed out everywhere."),
        own="accounts:sessions",
    ),
    "let_in": Action(
        _let_in,
        gettext_lazy("Let %(name)s try again"),
        gettext_lazy("For somebody who has to wait after too many wrong attempts: the attempts are forgotten."),
        gettext_lazy("Forget the attempts"),
        gettext_lazy("%(name)s may try to sign in at once."),
    ),
    "delete": Action(
        services.remove_operator,
        gettext_lazy("Delete the operator %(name)s"),
        gettext_lazy(
            "Every session of them ends, and the authenticator and the recovery codes are forgotten. Aliases, and what "
            "the history tells, stay. To shut somebody out for a while, take “May sign in” away instead."
        ),
        gettext_lazy("Delete the operator"),
        gettext_lazy("%(name)s is deleted."),
        is_grave=True,
    ),
}


@page("GET", "POST", permission=OWNER)
@sensitive_post_parameters("password")
def act(request: Request, username: str, action: str) -> HttpResponse:
    """Ask, then do it. Cost: 1 call, and those of the service."""
    wanted = ACTIONS[action]
    operator = found(services.find_operator, username)
    if wanted.own and operator.pk == request.user.pk:
        return redirect(wanted.own)
    form = ConfirmForm(posted(request), ask=not sessions.password_is_recent(request))
    words = {"name": operator.username}
    if form.is_valid() and password_confirmed(request, form):
        try:
            made = wanted.act(operator, by=operator_of(request).username)
        except REFUSALS as error:
            form.refuse(error)
        else:
            if wanted.makes_password:
                return made_password(request, operator, str(made), str(wanted.done) % words)
            messages.success(request, str(wanted.done) % words)
            return redirect("accounts:operators") if wanted.is_grave else redirect("accounts:operator", operator.pk)
    return settings_page(
        request, "operator_action", form, title=str(wanted.title) % words, operator=operator, action=wanted
    )
