"""Lists that read what they show once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Paginator

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnceChangeList(ChangeList):
    """Reads the matching rows once, and counts and cuts the page from them. Django's own reads them for each."""

    show_full_result_count: bool
    show_admin_actions: bool

    def get_results(self, request: HttpRequest) -> None:
        rows = list(self.queryset)
        self.paginator = Paginator(rows, self.list_per_page)
        self.result_count = len(rows)
        # "So many results, show all" stands beside the search only where something was searched or filtered.
        self.full_result_count: Any = None if self.query or self.has_active_filters else self.result_count
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        self.result_list: Any = rows
        if self.multi_page and not (self.show_all and self.can_show_all):
            try:
                self.result_list = self.paginator.page(self.page_num).object_list
            except InvalidPage as error:
                raise IncorrectLookupParameters from error
