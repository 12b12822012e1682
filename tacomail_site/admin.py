"""Operators in the admin, for owners: who may sign in, as what, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.admin.base import RecordAdmin
from aliases.admin.display import badge, on_off_badge
from aliases.admin.forms import RecordForm
from aliases.admin.reports import carried_out, each, show
from tacomail_site.accounts import services
from tacomail_site.accounts.randomtext import random_text
from tacomail_site.models import Operator, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin.views.main import ChangeList
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

ROLE_TONES = {Role.OWNER: "warning", Role.EDITOR: "good", Role.VIEWER: "quiet"}
MOMENTS = ("last_login", "created_datetime")


class OperatorForm(RecordForm):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
    )

    class Meta:
        model = Operator
        fields = ("username", "name", "role", "is_active", "two_step_required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].help_text = (
                _("Leave it empty to keep the present one. Another one ends every session of this operator.")
                if self.is_change
                else _("Leave it empty, and one is made and shown to you, once.")
            )


@admin.register(Operator)
class OperatorAdmin(RecordAdmin):
    kind = "operator"
    form = OperatorForm
    list_help = gettext_lazy("Who may sign in. Owners do everything, editors all but this list, viewers only look.")
    add_help = gettext_lazy("One more person who signs in, with a name and a password of their own.")
    form_help = gettext_lazy("What changes here holds from the operator's very next page on.")
    list_display = ("username", "name", "shown_role", "shown_active", "shown_two_step", "last_login")
    actions = ("let_in", "shut_out", "sign_out", "reset_two_step")
    sortable_by = ()
    ordering = ("username",)
    readonly_fields = MOMENTS
    add_fields: ClassVar[tuple[str, ...]] = ("username", "name", "role", "password", "is_active", "two_step_required")

    # The list

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Each row with whether two-step sign-in is set up. Cost: 1 call more."""
        made = super().get_changelist_instance(request)
        set_up = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
        for operator in made.result_list:
            operator.has_authenticator = operator.pk in set_up
        return made

    @admin.display(description=gettext_lazy("Role"))
    def shown_role(self, operator: Operator) -> SafeString:
        role = Role(operator.role) if operator.role in Role.values else None
        return badge(operator.role, "quiet" if role is None else ROLE_TONES[role])

    @admin.display(description=gettext_lazy("May sign in"))
    def shown_active(self, operator: Operator) -> SafeString:
        return on_off_badge(operator.is_active, _("yes"), _("no"))

    @admin.display(description=gettext_lazy("Two-step sign-in"))
    def shown_two_step(self, operator: Any) -> SafeString:
        if operator.has_authenticator:
            return badge(_("set up"), "good")
        return badge(_("required, not set up"), "warning") if operator.two_step_required else badge(_("no"), "quiet")

    # Actions

    def _for_all(
        self, request: HttpRequest, queryset: QuerySet[Operator], act: Callable[[Operator], Any], done: str
    ) -> None:
        operators = list(queryset)
        show(request, carried_out(each(operators, act)), len(operators), "operator", done)

    @admin.action(description=gettext_lazy("Let sign in"), permissions=["change"])
    def let_in(self, request: HttpRequest, queryset: QuerySet[Operator]) -> None:
        by = request.user.get_username()
        self._for_all(request, queryset, lambda operator: services.activate(operator, by=by), _("may sign in"))

    @admin.action(description=gettext_lazy("Let sign in no more"), permissions=["change"])
    def shut_out(self, request: HttpRequest, queryset: QuerySet[Operator]) -> None:
        by = request.user.get_username()
        done = _("may not sign in any more")
        self._for_all(request, queryset, lambda operator: services.deactivate(operator, by=by), done)

    @admin.action(description=gettext_lazy("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[Operator]) -> None:
        by = request.user.get_username()
        done = _("signed out everywhere")
        self._for_all(request, queryset, lambda operator: services.sign_out_everywhere(operator, by=by), done)

    @admin.action(description=gettext_lazy("Reset two-step sign-in (a lost telephone)"), permissions=["change"])
    def reset_two_step(self, request: HttpRequest, queryset: QuerySet[Operator]) -> None:
        by = request.user.get_username()
        done = _("two-step sign-in is off until it is set up again")
        self._for_all(request, queryset, lambda operator: services.disable_two_step(operator, by=by), done)

    # The form

    @admin.display(description=gettext_lazy("Password"))
    def own_password(self, operator: Operator) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("accounts:password"), _("Change yours on your own page"))

    def get_fields(self, request: HttpRequest, obj: Operator | None = None) -> tuple[str, ...]:
        if obj is None:
            return self.add_fields
        is_own = obj.pk == request.user.pk
        return (*("own_password" if is_own and name == "password" else name for name in self.add_fields), *MOMENTS)

    def get_readonly_fields(self, request: HttpRequest, obj: Operator | None = None) -> tuple[str, ...]:
        return MOMENTS if obj is None else ("username", "own_password", *MOMENTS)

    def form_attributes(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Without the password in an owner's own form: this session would end."""
        is_own = obj is not None and obj.pk == request.user.pk
        return {**super().form_attributes(request, obj), **({"password": None} if is_own else {})}

    def create(self, request: HttpRequest, form: Any) -> Operator:
        cleaned, by = form.cleaned_data, request.user.get_username()
        form.instance.made_password = "" if cleaned["password"] else random_text()
        password = cleaned["password"] or form.instance.made_password
        made = services.create_operator(
            cleaned["username"], password, role=cleaned["role"], name=cleaned["name"], by=by
        )
        if cleaned["two_step_required"]:
            services.require_two_step(made, True, by=by)
        if not cleaned["is_active"]:
            services.deactivate(made, by=by)
        return made

    def edit(self, request: HttpRequest, obj: Operator, form: Any) -> Operator:
        by = request.user.get_username()
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if "two_step_required" in changed:
            services.require_two_step(obj, changed["two_step_required"], by=by)
        if "is_active" in changed:
            (services.activate if changed["is_active"] else services.deactivate)(obj, by=by)
        if "role" in changed:
            services.change_role(obj, changed["role"], by=by)
        if "name" in changed:
            services.set_name(obj, changed["name"], by=by)
        if changed.get("password"):
            services.set_password(obj, changed["password"], by=by)
        return obj

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """A password that was made is shown on this page, and kept nowhere."""
        if not obj.made_password:
            answer: HttpResponse = super().response_add(request, obj, post_url_continue)
            return answer
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(name)s may sign in") % {"name": obj},
            "opts": self.opts,
            "operator": obj,
            "password": obj.made_password,
        }
        return TemplateResponse(request, "admin/tacomail_site/operator/added.html", context)

    def delete_model(self, request: HttpRequest, obj: Operator) -> None:
        services.remove_operator(obj, by=request.user.get_username())
