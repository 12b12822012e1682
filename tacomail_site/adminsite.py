"""The admin site: its names, who is let in, its first page, and what it answers when the table does not."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import OperationalError
from django.db.models.base import ModelBase
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from aliases.records.exceptions import TableUnavailable
from tacomail_site.accounts.middleware import must_set_up_two_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    View = Callable[..., HttpResponseBase]

# What other apps register and has no place here: there are no groups, and an authenticator's secret is nobody's to see.
LEFT_OUT = frozenset({"auth.Group", "otp_totp.TOTPDevice", "otp_static.StaticDevice"})


class TacomailAdminSite(admin.AdminSite):
    site_title: str | _StrPromise = _("tacomail")
    site_header: str | _StrPromise = _("tacomail")
    index_title: str | _StrPromise = _("Overview")
    enable_nav_sidebar = False  # it opens by JavaScript alone, and lists need the room: the header leads everywhere

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # it would not ask the services

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        wanted = [model for model in models if model._meta.label not in LEFT_OUT]
        super().register(wanted, admin_class, **options)

    # Who is let in

    def has_permission(self, request: HttpRequest) -> bool:
        """Every active operator whose session passed all steps of the sign-in. No request beyond the operator's."""
        return super().has_permission(request) and not must_set_up_two_step(request.user)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The site has one page to sign in."""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        place = reverse("admin:index") if self.has_permission(request) else reverse("accounts:sign_in") + query
        return HttpResponseRedirect(place)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The site has one page for this, too."""
        return HttpResponseRedirect(reverse("accounts:password"))

    # Pages

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from aliases.admin.dashboard import dashboard

        return super().index(request, {"dashboard": dashboard(request), **(extra_context or {})})

    def get_log_entries(self, request: HttpRequest) -> Any:
        """None: what was changed is told by the history of the services."""
        return ()

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """What the table does not answer becomes a page that says so, and that nothing is lost."""
        inner = super().admin_view(view, cacheable)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response = inner(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response
            except (OperationalError, TableUnavailable):
                return render(request, "admin/unavailable.html", status=503)

        return update_wrapper(answered, view)
