"""Domains: the list, adding one, the page of one with its DNS records, switching it on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliases.models import Alias, Domain
from aliases.records.exceptions import InvalidAddress, RecordError
from aliases.services.counts import count_aliases
from aliases.services.dns.checking import check_domain
from aliases.services.dns.findings import Status
from aliases.services.dns.records import aws_region
from aliases.services.dns.sentences import STATUS_NAMES, SUBJECT_NAMES, sentence
from aliases.services.domains import activate_domain, add_domain, deactivate_domain, describe_domain, find_domain
from aliases.services.stores import record_errors
from aliases.ui.domains.forms import DescriptionForm, DomainForm
from aliases.ui.forms import Form
from aliases.ui.pages import CHANGE, by, found, page, render_page, see_other
from aliases.wording.changes import lines_of
from aliases.wording.errors import message

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from aliases.services.dns.checking import Report
    from aliases.ui.pages import Request

STATUS_TONES = {Status.OK: "good", Status.MISSING: "warning", Status.WRONG: "bad", Status.UNKNOWN: "quiet"}
ON, OFF = "on", "off"
PAGE = "ui/domains/domain.html"


def domain_named(name: str) -> Domain:
    """In any spelling. Raises Http404 for one that is not known, or no domain at all. Cost: 2 calls."""
    try:
        domain: Domain = found(find_domain, name)
    except InvalidAddress as error:
        raise Http404(str(error)) from error
    return domain


def aliases_on(domain: Domain) -> int:
    """Read consistently. Cost: 1 call for each megabyte."""
    with record_errors():
        return Alias.objects.filter(sub_domain=domain.domain).count()


def posted(request: Request) -> QueryDict | None:
    """What a form is bound to: also to a POST that holds nothing."""
    return request.POST if request.method == "POST" else None


@page("GET")
def domain_list(request: Request) -> HttpResponse:
    """Cost: 5 calls for up to about 1,000 aliases; 1 more for each megabyte of them."""
    with record_errors():
        domains = list(Domain.objects.all())
        counts = count_aliases()
    rows = [(domain, counts.domains[domain.domain]) for domain in domains]
    return render_page(request, "ui/domains/list.html", {"rows": rows})


@page("GET", "POST", permission=CHANGE)
def domain_add(request: Request) -> HttpResponse:
    """Cost: 2 calls to show the form; 6 to add a domain."""
    form = DomainForm(posted(request), initial={"domain": request.GET.get("domain", "")})
    if form.is_valid():
        try:
            domain = add_domain(form.cleaned_data["domain"], form.cleaned_data["description"], by=by(request))
        except RecordError as error:
            form.refuse(error)
        else:
            text = _("%(domain)s is served from now on. Below is what its DNS needs for mail to come here.")
            messages.success(request, text % {"domain": domain})
            return see_other("ui:domain", domain.domain)
    return render_page(request, "ui/domains/add.html", {"form": form}, status=form.answer_status())


@page("GET", "POST", post=CHANGE)
def domain_page(request: Request, name: str) -> HttpResponse:
    """One domain; POST writes its description. With `?check=1` its DNS records are looked up, which takes a while.

    Cost: 6 calls; for the part that htmx asks for 4 calls, and 2 requests to Amazon SES.
    """
    domain = domain_named(name)
    checking = "check" in request.GET and request.method == "GET"
    context = {"domain": domain, **(checked(check_domain(domain.domain)) if checking else {})}
    if checking and request.htmx and not request.htmx.history_restore_request:
        return render_page(request, PAGE, context | {"is_part": True}, part="ui/domains/dns.html")
    form = DescriptionForm(posted(request), initial={"description": domain.description})
    if form.is_valid() and _described(request, form, domain):
        return see_other("ui:domain", domain.domain)
    context |= {"form": form, "aliases": aliases_on(domain), "lines": lines_of("domain", domain.domain)}
    return render_page(request, PAGE, context, status=form.answer_status())


def _described(request: Request, form: Form, domain: Domain) -> bool:
    try:
        describe_domain(domain, form.cleaned_data["description"], by=by(request))
    except RecordError as error:
        form.refuse(error)
        return False
    messages.success(request, _("The description is saved."))
    return True


def checked(report: Report) -> dict[str, Any]:
    """The checks as rows of a table, and how many of them are as they should be."""
    rows = [
        {
            "check": check,
            "subject": SUBJECT_NAMES[check.subject],
            "status": STATUS_NAMES[check.status],
            "tone": STATUS_TONES[check.status],
            "sentence": sentence(check),
        }
        for check in report.checks
    ]
    good, total = sum(check.status is Status.OK for check in report.checks), len(report.checks)
    text = ngettext("%(good)d of %(total)d record is as needed.", "%(good)d of %(total)d records are as needed.", total)
    return {
        "rows": rows,
        "report": report,
        "summary": text % {"good": good, "total": total},
        "trouble": message(report.trouble) if report.trouble else "",
        "region": aws_region(),
    }


@page("GET", "POST", permission=CHANGE)
def domain_switch(request: Request, name: str) -> HttpResponse:
    """GET says what happens to the aliases; POST does it, `to` on or off. Cost: 5 calls; done 8."""
    domain, form = domain_named(name), Form(posted(request))
    wanted = request.POST.get("to")
    if form.is_valid() and wanted in {ON, OFF}:
        try:
            _switch(request, domain, wanted == ON)
        except RecordError as error:
            form.refuse(error)
        else:
            return see_other("ui:domain", domain.domain)
    context = {"domain": domain, "aliases": aliases_on(domain), "form": form}
    return render_page(request, "ui/domains/switch.html", context, status=form.answer_status())


def _switch(request: Request, domain: Domain, on: bool) -> None:
    """What is as wanted already stays, and nothing is said about it in the history. Raises NotFound, Conflict."""
    if domain.active != on:
        (activate_domain if on else deactivate_domain)(domain, by=by(request))
    text = _("%(domain)s is served again.") if on else _("%(domain)s is not served any more: its mail is refused.")
    messages.success(request, text % {"domain": domain})
