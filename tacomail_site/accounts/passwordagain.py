"""Django's admin asks for the password, too, before an owner changes who may sign in.

Its forms are its own, so it is asked before them: when such a form is opened, and, where it stayed open for longer than
the password counts as just typed, when it is sent. What was typed goes along; only passwords have to be typed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from aliases.ui.pages import SAFE, is_kept
from aliases.wording.errors import REFUSALS
from tacomail_site.accounts.forms import ConfirmForm
from tacomail_site.accounts.sessions import password_is_recent
from tacomail_site.accounts.views.pages import password_confirmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

LIST = "admin:tacomail_site_operator_changelist"  # reading it is free; its actions are not
FORMS = frozenset(f"admin:tacomail_site_operator_{name}" for name in ("add", "change", "delete"))
PREFIX = "again"  # of our field, among those of the admin's form
OPENING = "again-opening"  # the form is still to be shown


class PasswordAgainMiddleware:
    """Stands behind the middleware that believes a session. Costs nothing where the password was typed just now."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        return asked(request) if must_ask(request) else None


def must_ask(request: HttpRequest) -> bool:
    """Whether this request changes operators in the admin, or opens the form for it, too long after the password."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    changes = name in FORMS or (name == LIST and request.method not in SAFE)
    # Nobody but owners gets there; the admin itself refuses the others.
    return changes and request.user.is_authenticated and request.user.is_superuser and not password_is_recent(request)


def asked(request: HttpRequest) -> HttpResponse | None:
    """The page that asks; None where the password came along and is right, so that the admin takes what was sent.

    Cost: 3 calls where it came along.
    """
    form = ConfirmForm(request.POST if f"{PREFIX}-password" in request.POST else None, ask=True, prefix=PREFIX)
    try:
        if form.is_valid() and password_confirmed(request, form):
            return redirect(request.get_full_path()) if OPENING in request.POST else None
    except REFUSALS as error:
        form.refuse(error)
    return _page(request, form)


def _page(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    ours = {OPENING, f"{PREFIX}-password"}
    names = [name for name in request.POST if name not in ours]
    context = {
        "title": _("Your password, please"),
        "form": form,
        "opening": request.method in SAFE or OPENING in request.POST,
        "kept": [(name, value) for name in names if is_kept(name) for value in request.POST.getlist(name)],
        "typed_again": "password" in names and request.POST["password"] != "",
    }
    response = render(request, "accounts/password_again.html", context, status=form.answer_status())
    add_never_cache_headers(response)
    if form.wait:
        response["Retry-After"] = str(form.wait)
    return response
