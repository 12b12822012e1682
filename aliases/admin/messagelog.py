"""The message log in the admin: to read, the newest first, a page at a time and never as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.admin.base import ReadAdmin
from aliases.admin.changelist import ReadOnceChangeList
from aliases.admin.display import badge
from aliases.admin.logfilters import DaysFilter, OutcomeFilter, exact_addresses
from aliases.backend.mapping import moment
from aliases.models import Alias, MessageLog
from aliases.wording.changes import shown_name
from aliases.wording.outcomes import VERDICT_TONES, delivery_name, in_words, outcome_tone

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

MOST_PAGES = 20  # to see more, choose other days: a page costs as much as all before it


class LogChangeList(ReadOnceChangeList):
    """Reads as far as the page goes and one entry more, to know whether there are others; it counts nothing."""

    has_more = False

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """As the log is kept, so that a page can be read without the rest."""
        return ["-received_datetime"]

    def get_results(self, request: HttpRequest) -> None:
        self.page_num = max(1, min(self.page_num, MOST_PAGES))
        first = (self.page_num - 1) * self.list_per_page
        rows = list(self.queryset[first : first + self.list_per_page + 1])
        self.has_more = len(rows) > self.list_per_page
        self.result_list = rows[: self.list_per_page]
        self.result_count = first + len(self.result_list)
        self.full_result_count = self.result_count
        self.show_full_result_count = False
        self.show_admin_actions = self.can_show_all = self.multi_page = False
        self.paginator = Paginator(self.result_list, self.list_per_page)

    @property
    def newer(self) -> str:
        """The query of the page before this one; empty on the first."""
        return self.get_query_string({"p": self.page_num - 1}) if self.page_num > 1 else ""

    @property
    def older(self) -> str:
        return self.get_query_string({"p": self.page_num + 1}) if self.has_more and not self.is_last else ""

    @property
    def is_last(self) -> bool:
        """Whether the list ends here, whatever comes after."""
        return self.page_num == MOST_PAGES


@admin.register(MessageLog)
class MessageLogAdmin(ReadAdmin):
    list_help = gettext_lazy(
        "What became of each message, for each address that it was sent to. The newest come first."
    )
    form_help = gettext_lazy("Written by the mail functions when the message came; nothing here can be changed.")
    list_display = ("received", "shown_address", "shown_outcome", "shown_reason", "reverse_path")
    list_display_links = ("received",)
    list_filter = (DaysFilter, OutcomeFilter)
    filter_names = frozenset({"from", "to", "outcome"})
    search_fields = ("address",)
    search_help_text = gettext_lazy("A whole address shows its own log, of all days; a piece of one searches the days.")
    sortable_by = ()
    list_per_page = 50
    fields = (
        "address",
        "received",
        "shown_outcome",
        "shown_reason",
        "reverse_path",
        "shown_recipients",
        "shown_results",
        "shown_verdicts",
        "shown_size",
        "message_id",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ReadOnceChangeList]:
        return LogChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MessageLog], search_term: str
    ) -> tuple[QuerySet[MessageLog], bool]:
        """A whole address is a partition of the log; a piece of text is looked for in the days that are shown."""
        if not search_term.strip():
            return queryset, False
        exact = exact_addresses(search_term)
        if exact:
            return queryset.filter(address__in=exact), False
        return queryset.filter(address__icontains=search_term.strip()), False

    # What is shown

    @admin.display(description=gettext_lazy("Received (UTC)"))
    def received(self, entry: MessageLog) -> str:
        return f"{entry.received_datetime:%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("Address"))
    def shown_address(self, entry: MessageLog) -> SafeString:
        url = f"{reverse('admin:aliases_messagelog_changelist')}?{urlencode({'q': entry.address})}"
        return format_html('<a href="{}">{}</a>', url, shown_name(entry.address))

    @admin.display(description=gettext_lazy("Outcome"))
    def shown_outcome(self, entry: MessageLog) -> SafeString:
        return outcome_badge(entry.outcome)

    @admin.display(description=gettext_lazy("Reason"))
    def shown_reason(self, entry: MessageLog) -> str:
        return in_words(entry.reason)

    @admin.display(description=gettext_lazy("Recipients as received"))
    def shown_recipients(self, entry: MessageLog) -> str:
        recipients = entry.recipients
        return ", ".join(map(str, recipients)) if isinstance(recipients, list) else "-"

    @admin.display(description=gettext_lazy("Deliveries"))
    def shown_results(self, entry: MessageLog) -> str:
        results = entry.results if isinstance(entry.results, dict) else {}
        rows = [_result(name, result) for name, result in sorted(results.items()) if isinstance(result, dict)]
        return render_to_string("aliases/admin/log_results.html", {"rows": rows}) if rows else "-"

    @admin.display(description=gettext_lazy("Verdicts of Amazon SES"))
    def shown_verdicts(self, entry: MessageLog) -> str:
        verdicts = entry.verdicts if isinstance(entry.verdicts, dict) else {}
        rows = [
            (in_words(name), badge(value, VERDICT_TONES.get(str(value), "quiet"))) for name, value in verdicts.items()
        ]
        return render_to_string("aliases/admin/log_verdicts.html", {"rows": rows}) if rows else "-"

    @admin.display(description=gettext_lazy("Size"))
    def shown_size(self, entry: MessageLog) -> str:
        return "-" if entry.size is None else _("%(size)d octets") % {"size": entry.size}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With the way to the alias, where the address is one still. Cost: 1 call."""
        entry: MessageLog = context["original"]
        name, _at, domain = entry.address.rpartition("@")
        alias = Alias.objects.filter(sub_domain=domain, alias_address=name).first() if name and domain else None
        url = reverse("admin:aliases_alias_change", args=[quote(alias.pk)]) if alias else ""
        log = f"{reverse('admin:aliases_messagelog_changelist')}?{urlencode({'q': entry.address})}"
        context |= {"alias_url": url, "log_url": log, "subtitle": shown_name(entry.address)}
        return super().render_change_form(request, context, *args, **kwargs)


def outcome_badge(outcome: str) -> SafeString:
    return badge(in_words(outcome), outcome_tone(outcome))


def _result(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """One row of the table of deliveries. `name` is like `maildir/alice`."""
    at = result.get("at")
    return {
        "where": delivery_name(name),
        "outcome": outcome_badge(str(result.get("outcome", ""))),
        "reason": in_words(str(result.get("reason", ""))),
        "error": result.get("error", ""),
        "at": moment(at) if isinstance(at, int) else None,
    }
