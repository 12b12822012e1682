"""What the admins of domains and of destinations share: both are few, each is on or off, and aliases use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from aliases.admin.base import RecordAdmin
from aliases.admin.reports import carried_out, each, show
from aliases.admin.visits import visit
from aliases.records.exceptions import InUse
from aliases.services.counts import count_aliases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.admin.views.main import ChangeList
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from aliases.services.counts import Counts

MOMENTS = ("created_datetime", "modified_datetime")


class KnownAdmin(RecordAdmin):
    """`parameter` is the filter of the list of aliases that shows those which use one of these."""

    parameter: ClassVar[str]
    list_filter = ()
    sortable_by = ()
    readonly_fields = MOMENTS

    def uses(self, counts: Counts, obj: Any) -> int:
        """How many aliases use this one."""
        raise NotImplementedError

    def switch(self, obj: Any, active: bool, by: str) -> None:
        """Raises RecordError."""
        raise NotImplementedError

    def describe(self, obj: Any, description: str, by: str) -> None:
        """Raises RecordError."""
        raise NotImplementedError

    # The list

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Each row with its number of aliases, all from one listing."""
        made = super().get_changelist_instance(request)
        counts = count_aliases()
        for obj in made.result_list:
            obj.alias_count = self.uses(counts, obj)
        return made

    @admin.display(description=gettext_lazy("Aliases"))
    def alias_count(self, obj: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', self.aliases_url(obj), obj.alias_count)

    def switch_all(self, request: HttpRequest, objects: Iterable[Any], active: bool, done: str) -> None:
        """Switch each of them on or off, and say what became of it."""
        wanted = [obj for obj in objects if obj.active is not active]
        by = request.user.get_username()
        changes = each(wanted, lambda obj: self.switch(obj, active, by))
        show(request, carried_out(changes), len(wanted), self.kind, done)

    # The form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The name stays: it is what the aliases refer to."""
        return () if obj is None else (self.opts.pk.name, *MOMENTS)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        editable = (self.opts.pk.name, "active", "description")
        return editable if obj is None else (*editable, *MOMENTS)

    def edit(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        by, changed = request.user.get_username(), form.changed_data
        if "description" in changed:
            self.describe(obj, form.cleaned_data["description"], by)
        if "active" in changed:
            self.switch(obj, form.cleaned_data["active"], by)
        return obj

    def aliases_url(self, obj: Any) -> str:
        """The list of the aliases that use this one."""
        return f"{reverse('admin:aliases_alias_changelist')}?{urlencode({self.parameter: obj.pk})}"

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        """With what stands in the way, where something does."""
        obj, in_use = context["object"], isinstance(visit(request).refusal, InUse)
        context |= {"in_use": in_use, "aliases_url": self.aliases_url(obj)}
        answer: HttpResponse = super().render_delete_form(request, context)
        return answer
