"""Aliases in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ExpressionWrapper, F, IntegerField
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.admin import actions
from aliases.admin.base import RecordAdmin
from aliases.admin.display import destinations_cell, state_badge
from aliases.admin.filters import DestinationFilter, DomainFilter, StateFilter, among
from aliases.admin.forms import AliasForm
from aliases.admin.rows import read_rows
from aliases.admin.visits import choices_for, visit
from aliases.models import Alias, State
from aliases.records.exceptions import RecordError
from aliases.services.aliases import STATE_CHANGES, create_alias, delete_alias, edit_alias, set_alias_state
from aliases.services.restoring import deletion_of, restore_alias
from aliases.services.searching import aliases_containing
from aliases.wording.errors import sentence

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from aliases.wording.changes import Line

STATE_ORDER = ExpressionWrapper(F("active_alias") * 2 - F("ignore_alias"), output_field=IntegerField())
READ_ONLY = ("counters", "last_used_datetime", "created_datetime", "modified_datetime", "identifier")


@admin.register(Alias)
class AliasAdmin(RecordAdmin):
    kind = "alias"
    form = AliasForm
    list_help = gettext_lazy(
        "Every address that takes mail here: paused ones bounce it, ignored ones drop it without a word."
    )
    add_help = gettext_lazy("One more address; it takes mail as soon as it is saved.")
    form_help = gettext_lazy("Only what you change is saved; what others change meanwhile stays.")
    list_display = ("shown_address", "shown_state", "shown_destinations", "shown_description", "use_count", "last_use")
    list_filter = (StateFilter, DomainFilter, DestinationFilter)
    filter_names = frozenset({"state", "domain", "destination"})
    search_fields = ("full_address",)  # says that there is a search; `get_search_results` does it
    search_help_text = gettext_lazy("Any part of the address, the description or a destination.")
    ordering = ("alias_address", "sub_domain")
    actions = (
        actions.activate,
        actions.deactivate,
        actions.ignore,
        actions.set_destination,
        actions.delete_selected,
        actions.export_csv,
    )
    readonly_fields = READ_ONLY
    fieldsets: ClassVar[Any] = (
        (None, {"fields": (("alias_address", "sub_domain"), "state", "destination", "destinations", "description")}),
        (gettext_lazy("Kept by tacomail"), {"fields": READ_ONLY}),
    )
    add_fieldsets: ClassVar[Any] = fieldsets[:1]
    view_fieldsets: ClassVar[Any] = (
        (None, {"fields": ("shown_address", "shown_state", "all_destinations", "description")}),
        (gettext_lazy("Kept by tacomail"), {"fields": READ_ONLY}),
    )

    # The list

    @admin.display(description=gettext_lazy("Address"), ordering="alias_address")
    def shown_address(self, alias: Alias) -> str:
        return str(alias)

    @admin.display(description=gettext_lazy("State"), ordering=STATE_ORDER)
    def shown_state(self, alias: Alias) -> SafeString:
        return state_badge(alias.state)

    @admin.display(description=gettext_lazy("Destinations"))
    def shown_destinations(self, alias: Alias) -> SafeString | str:
        return destinations_cell(alias.destination_list)

    @admin.display(description=gettext_lazy("Destinations"))
    def all_destinations(self, alias: Alias) -> SafeString | str:
        return destinations_cell(alias.destination_list, most=1000)

    @admin.display(description=gettext_lazy("Description"), ordering="description")
    def shown_description(self, alias: Alias) -> SafeString:
        return format_html('<div class="description-cell">{}</div>', alias.description or "-")

    @admin.display(description=gettext_lazy("Last message"), ordering="last_used_datetime")
    def last_use(self, alias: Alias) -> Any:
        return alias.last_used_datetime

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Alias], search_term: str
    ) -> tuple[QuerySet[Alias], bool]:
        """In the address, the description and all destinations. Cost: none beside the listing of the list itself."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(among(aliases_containing(search_term))), False

    # The form

    @admin.display(description=gettext_lazy("Messages"))
    def counters(self, alias: Alias) -> SafeString:
        url = f"{reverse('admin:aliases_messagelog_changelist')}?{urlencode({'q': alias.address})}"
        counts = _("%(used)d delivered, %(ignored)d ignored, %(refused)d refused") % {
            "used": alias.use_count,
            "ignored": alias.ignored_count,
            "refused": alias.refused_count,
        }
        return format_html('{} · <a href="{}">{}</a>', counts, url, _("Log of this alias"))

    def get_fieldsets(self, request: HttpRequest, obj: Alias | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        return self.fieldsets if self.has_change_permission(request, obj) else self.view_fieldsets

    def form_attributes(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        may_save = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        choices = choices_for(request) if may_save else None
        return {**super().form_attributes(request, obj), "choices": choices}

    def stand_in(self, request: HttpRequest, object_id: str) -> Alias | None:
        shown = {name: request.POST.get(f"initial-{name}") for name in AliasForm.base_fields}
        if not shown["alias_address"] or shown["state"] not in set(State):
            return None
        state = STATE_CHANGES[State(shown["state"])]
        return Alias(
            identifier=object_id,
            alias_address=shown["alias_address"],
            sub_domain=shown["sub_domain"] or "",
            destination=shown["destination"] or "",
            description=shown["description"] or "",
            destinations={text: {"active": on} for text, on in read_rows(shown["destinations"])},
            active_alias=bool(state.active),
            ignore_alias=bool(state.ignore),
        )

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        gone = visit(request).gone
        context |= {"gone": gone, "nothing_served": self._nothing_served(request)}
        if gone:
            context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
            context |= {"show_delete": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def _nothing_served(self, request: HttpRequest) -> bool:
        choices = visit(request).choices
        return choices is not None and not choices.domains

    # Writing

    def create(self, request: HttpRequest, form: Any) -> Alias:
        return create_alias(by=request.user.get_username(), **form.creation())

    def edit(self, request: HttpRequest, obj: Alias, form: Any) -> Alias:
        """Only the state alone is an action of its own, which the history calls by its name."""
        by, edits = request.user.get_username(), form.edits()
        if form.changed_data == ["state"]:
            return set_alias_state(obj, State(form.cleaned_data["state"]), by=by)
        return edit_alias(obj, by=by, **edits) if edits else obj

    def delete_model(self, request: HttpRequest, obj: Alias) -> None:
        delete_alias(obj, by=request.user.get_username())

    # Bringing back

    def may_restore(self, request: HttpRequest, newest: Line) -> bool:
        return newest.is_deletion and self.has_add_permission(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A POST brings a deleted alias back, as it was."""
        if request.method == "POST":
            if not self.has_add_permission(request):
                raise PermissionDenied
            try:
                back = restore_alias(deletion_of(unquote(object_id)), by=request.user.get_username())
            except RecordError as error:
                text = _("It was not brought back: %(why)s") % {"why": sentence(error)}
                self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("%(alias)s is back.") % {"alias": back}, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[quote(back.pk)]))
        return super().history_view(request, object_id, extra_context)
