"""Removing a domain: refused while it has aliases, unless they go along, in portions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliases.models import Alias
from aliases.records.exceptions import InUse, RecordError, TableError
from aliases.records.translatable import gettext_noop
from aliases.services.domains import remove_domain, remove_with_aliases
from aliases.services.stores import record_errors
from aliases.ui.batches import Progress, begun, portion
from aliases.ui.domains.forms import RemoveForm
from aliases.ui.domains.views import aliases_on, domain_named, posted
from aliases.ui.pages import CHANGE, by, page, render_page, see_other

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpResponse

    from aliases.models import Domain
    from aliases.ui.pages import Request


@page("GET", "POST", permission=CHANGE)
def domain_remove(request: Request, name: str) -> HttpResponse:
    """Cost: 5 calls to ask; without aliases 10 to remove it; with them 12, 1 for each, and 1 for each 25."""
    domain = domain_named(name)
    count = aliases_on(domain)
    form = RemoveForm(domain, count, posted(request))
    if form.is_valid():
        try:
            return _removed(request, domain, count)
        except TableError:
            raise
        except RecordError as error:
            form = RemoveForm(domain, aliases_on(domain), request.POST)
            form.is_valid()
            form.refuse(error)
    context = {"domain": domain, "aliases": form.aliases, "form": form}
    return render_page(request, "ui/domains/remove.html", context, status=form.answer_status())


def _removed(request: Request, domain: Domain, count: int) -> HttpResponse:
    """Raises InUse, Conflict."""
    if not count and "left" not in request.POST:
        remove_domain(domain, by=by(request))
        messages.success(request, _("%(domain)s is removed.") % {"domain": domain})
        return see_other("ui:domains")
    progress = begun(request.POST) if "left" in request.POST else _all_of(domain)
    progress = portion(progress, lambda left: _removal(domain, left, by(request)))
    if progress.is_over and not progress.failures and "left" not in request.POST:
        text = ngettext(
            "%(domain)s is removed, and %(count)d alias with it.",
            "%(domain)s is removed, and %(count)d aliases with it.",
            progress.done - 1,
        )
        messages.success(request, text % {"domain": domain, "count": progress.done - 1})
        return see_other("ui:domains")
    context: dict[str, Any] = {
        "domain": domain,
        "progress": progress,
        "action": reverse("ui:domain_remove", args=[domain.domain]),
        "what": _("Removing %(domain)s and its aliases") % {"domain": domain},
        "hidden": {"typed": domain.domain},
        "done_link": reverse("ui:domains"),
        "done_text": _("To the domains"),
    }
    return render_page(request, "ui/domains/progress.html", context, part="ui/parts/progress.html")


def _all_of(domain: Domain) -> Progress:
    """Its aliases, and the domain itself as the last step. Cost: 1 call for each megabyte."""
    with record_errors():
        aliases = [alias.pk for alias in Alias.objects.filter(sub_domain=domain.domain)]
    return Progress(len(aliases) + 1, left=(*aliases, domain.domain))


def _removal(domain: Domain, left: Sequence[str], actor: str) -> Iterator[tuple[object, Exception | None]]:
    """No more than the operator agreed to: an alias that somebody made meanwhile stops it. Raises InUse."""
    if aliases_on(domain) > len(left) - 1:
        raise InUse(
            gettext_noop("Somebody made another alias on %(domain)s: nothing more is deleted.", domain=str(domain))
        )
    yield from remove_with_aliases(domain, by=actor)
    yield domain, None
