"""Other operators, for owners: who may sign in, as what, and letting somebody in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from aliases.ui.pages import found, page
from aliases.wording.changes import lines_of
from aliases.wording.errors import REFUSALS
from tacomail_site.accounts import services, sessions, twostep
from tacomail_site.accounts.settingsforms import AddOperatorForm, OperatorForm
from tacomail_site.accounts.views.pages import operator_of, password_confirmed, posted, settings_page
from tacomail_site.models import Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.ui.pages import Request
    from tacomail_site.models import Operator

OWNER = "tacomail_site.change_operator"  # the permission that owners alone have
ROLE_TONES = {Role.OWNER: "warning", Role.EDITOR: "good", Role.VIEWER: "quiet"}
ROLE_NAMES = {
    Role.OWNER: gettext_lazy("owner"),
    Role.EDITOR: gettext_lazy("editor"),
    Role.VIEWER: gettext_lazy("viewer"),
}
LINES = 20  # of the history, on the page of one operator


def role_badge(operator: Operator) -> tuple[str, str]:
    """What to call the role, and its tone; a stored one that is none is shown as it is."""
    if operator.role not in Role.values:
        return operator.role, "bad"
    role = Role(operator.role)
    return str(ROLE_NAMES[role]), ROLE_TONES[role]


@page("GET", permission=OWNER)
def operator_list(request: Request) -> HttpResponse:
    """Cost: 2 calls."""
    rows = [(operator, role_badge(operator), is_on) for operator, is_on in services.list_operators()]
    return render(request, "accounts/operators.html", {"title": _("Operators"), "rows": rows})


@page("GET", "POST", permission=OWNER)
@sensitive_post_parameters("password")
def add(request: Request) -> HttpResponse:
    """One more operator, with a password that is made and shown once. Cost: 2 calls."""
    form = AddOperatorForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        wanted = {name: form.cleaned_data[name] for name in ("username", "role", "name", "two_step_required")}
        try:
            added, made = services.add_operator(**wanted, by=operator_of(request).username)
        except REFUSALS as error:
            form.refuse(error)
        else:
            return made_password(request, added, made, _("%(name)s may sign in") % {"name": added})
    return settings_page(request, "add_operator", form, title=_("Add an operator"))


def made_password(request: Request, operator: Operator, password: str, title: str) -> HttpResponse:
    """The password, for once: it is kept nowhere."""
    context = {"title": title, "operator": operator, "made": password}
    return render(request, "accounts/made_password.html", context)


@page("GET", "POST", permission=OWNER)
@sensitive_post_parameters("password")
def operator(request: Request, username: str) -> HttpResponse:
    """One operator: what may be changed, and what was. Cost: 3 calls; 2 or 3 more for each change."""
    shown = found(services.find_operator, username)
    form = OperatorForm(posted(request), operator=shown, ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        try:
            services.edit_operator(shown, form.changes(), by=operator_of(request).username)
        except REFUSALS as error:
            form.refuse(error)
        else:
            messages.success(request, _("The changes to %(name)s are saved.") % {"name": shown})
            may_stay = shown.pk != request.user.pk or shown.is_owner
            return redirect("accounts:operator", shown.username) if may_stay else redirect("accounts:profile")
    return settings_page(
        request, "operator", form, title=shown.username, operator=shown, is_own=shown.pk == request.user.pk,
        role=role_badge(shown), two_step=twostep.confirmed_device(shown) is not None,
        lines=lines_of(services.OPERATOR, shown.pk)[:LINES],
    )  # fmt: skip
