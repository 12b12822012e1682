"""What the admins of aliases, domains, destinations and operators share: everything is written by the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aliases.admin.changelist import ReadOnceChangeList
from aliases.admin.visits import visit
from aliases.records.addresses import octets
from aliases.records.exceptions import NotFound, TableUnavailable
from aliases.wording.changes import MOST_ENTRIES, lines_of, who_changed
from aliases.wording.errors import REFUSALS, refusal_of, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from aliases.admin.forms import RecordForm
    from aliases.wording.changes import Line

    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

MOST_KEY_OCTETS = 1024  # of a DynamoDB sort key: nothing longer can be a primary key


class ReadAdmin(ModelAdmin):
    """Lists and pages, read without waste. `list_help`, `add_help` and `form_help` are one sentence each."""

    list_help: ClassVar[_StrPromise | str] = ""
    add_help: ClassVar[_StrPromise | str] = ""
    form_help: ClassVar[_StrPromise | str] = ""
    filter_names: ClassVar[frozenset[str]] = frozenset()  # the parameters of the list's own filters
    list_per_page = 100
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ReadOnceChangeList]:
        return ReadOnceChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters offer: any other look-up from outside might read the whole table, or fail."""
        return lookup in self.filter_names

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Once in a request. None for what can be no key."""
        notes = visit(request)
        if object_id not in notes.objects:
            sound = from_field is None and 0 < octets(object_id) <= MOST_KEY_OCTETS
            notes.objects[object_id] = super().get_object(request, object_id) if sound else None
        return notes.objects[object_id]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        title = capfirst(self.opts.verbose_name_plural)
        context = {"title": title, "help": self.list_help, **(extra_context or {})}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"help": self.add_help if object_id is None else self.form_help, **(extra_context or {})}
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return answer


class RecordAdmin(ReadAdmin):
    """An admin whose writes go through services. `kind` is how the history calls these objects."""

    kind: ClassVar[str]

    # Changing

    def create(self, request: HttpRequest, form: RecordForm) -> Model:
        """Make what the form says, through the services. Raises RecordError."""
        raise NotImplementedError

    def edit(self, request: HttpRequest, obj: Any, form: RecordForm) -> Model:
        """Write what the form changes, through the services. Raises RecordError."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What a service refuses becomes an error of the form, shown with all that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            refusal = refusal_of(error)
            notes = visit(request)
            if request.method != "POST" or refusal is None or notes.refusal is not None:
                raise
            notes.refusal = refusal
            if not isinstance(refusal, TableUnavailable):
                notes.objects.clear()  # it is another one by now, or gone: look again
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """For a form that is sent after its object was removed: a stand-in, so that what was typed is not lost."""
        found = super().get_object(request, object_id, from_field)
        if found is None and request.method == "POST":
            found = self.stand_in(request, object_id)
            if found is not None:
                found._state.adding = False
                visit(request).gone, visit(request).refusal = True, self._deletion(object_id, found)
        return found

    def stand_in(self, request: HttpRequest, object_id: str) -> Any:
        """The object as the form of this request had shown it; None where that cannot be told."""
        return None

    def _deletion(self, object_id: str, obj: Any) -> NotFound:
        last = next(iter(lines_of(self.kind, object_id)), None)
        words = {"name": str(obj), "who": last.actor if last and last.is_deletion else _("Somebody")}
        return NotFound(
            _("%(who)s deleted %(name)s while the form was open. Nothing was saved; what you typed is below.") % words,
            code="deleted",
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        form: Any = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {**self.form_attributes(request, obj), "__module__": form.__module__})

    def form_attributes(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the form class of this request knows beside its fields."""
        return {"refusal": visit(request).refusal, "changed_by": staticmethod(self.changed_by)}

    def changed_by(self, obj: Any, attributes: tuple[str, ...]) -> str:
        """Who changed one of these attributes last. Cost: 1 call."""
        return who_changed(self.kind, obj.pk, attributes) or _("Somebody else")

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The object as it was read: only the services write."""
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = self.edit(request, obj, form) if change else self.create(request, form)
        obj.__dict__.update(saved.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is nothing related."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What a service refuses is shown on the page that asks."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            refusal = refusal_of(error)
            notes = visit(request)
            if request.method != "POST" or refusal is None or notes.refusal is not None:
                raise
            notes.refusal = refusal
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Sequence[Any] | QuerySet[Any, Any], request: HttpRequest) -> Any:
        """Only the object itself: nothing in the table hangs on another item. A refusal protects it."""
        refusal = visit(request).refusal
        return list(map(str, objs)), {}, set(), [] if refusal is None else [sentence(refusal)]

    # History: the services write it, whoever calls them, so Django's own log would say everything twice, in a
    # partition that has to be read whole for the history of one object.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See above."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See above."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """See above."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return []

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, of an object that is gone too. Cost: 1 call, and the object."""
        key = unquote(object_id)
        obj = self.get_object(request, key)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        lines = lines_of(self.kind, key) if 0 < octets(key) <= MOST_KEY_OCTETS else []
        if obj is None and not lines:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]  # Django's own answer, not in the stubs
        name = str(obj) if obj is not None else lines[0].name
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": name},
            "subtitle": None,
            "lines": lines[:MOST_ENTRIES],
            "more": len(lines) > MOST_ENTRIES,
            "name": name,
            "object": obj,
            "may_restore": obj is None and self.may_restore(request, lines[0]),
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "aliases/admin/history.html", context)

    def may_restore(self, request: HttpRequest, newest: Line) -> bool:
        """Whether the page offers to bring the object back."""
        return False
