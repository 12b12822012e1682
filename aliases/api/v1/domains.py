"""Domains: what is served, and whether the DNS of each is as it has to be."""

import time
from contextlib import closing
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictBool

from aliases.api.callers import Scope
from aliases.api.v1.known import is_changed, piece
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.paging import page
from aliases.api.v1.schemas import SECONDS, Body, Filters, Many, Moment, One, Pages
from aliases.api.v1.words import word_of
from aliases.models import Domain
from aliases.records.exceptions import InvalidAddress, NotFound
from aliases.services.dns import checking
from aliases.services.dns import findings as found
from aliases.services.dns.sentences import sentence
from aliases.services.domains import (
    activate_domain,
    add_domain,
    deactivate_domain,
    describe_domain,
    every_domain,
    find_domain,
    remove_domain,
    remove_with_aliases,
)
from aliases.wording.errors import message

router = Router(tags=["Domains"])


class DomainFilters(Pages):
    q: str = Field("", description="Only those whose name or description contains this, in any case.")
    active: bool | None = Field(None, description="Only those that are served, or only those that are not.")


class DomainOut(Schema):
    domain: str = Field(description="In the form in which it is stored and written in DNS (`xn--…`).")
    shown: str = Field(description="In Unicode, for people.")
    description: str
    active: bool = Field(description="Whether it is served. Mail for the aliases of one that is not is refused.")
    created: Moment | None = Field(description="Null where nobody wrote it down.")
    modified: Moment | None


class DomainIn(Body):
    domain: str = Field(description="One of yours, in any spelling.", examples=["taco.example"])
    description: str | None = Field(None, description="For your eyes only; up to 1,000 characters.")


class DomainChange(Body):
    """What is left out, or null, stays as it is."""

    description: str | None = None
    active: StrictBool | None = None


class Removal(Schema):
    """How far the deletion of a domain with its aliases is."""

    domain: str
    deleted: int = Field(description="How many aliases this call has deleted.")


class RemovalFilters(Filters):
    with_aliases: bool = Field(False, description="Delete its aliases, too.")


class CheckOut(Schema):
    subject: Annotated[str, word_of(found.Subject, about="What it is about.")]
    status: Annotated[str, word_of(found.Status, about="How it is.")]
    finding: Annotated[str, word_of(found.Finding, about="What exactly was found.")]
    sentence: str = Field(description="The finding for people, and how to mend it.")
    name: str = Field(description="The name of the DNS record.")
    type: str | None = Field(description="Its type; null where this is no record, but the word of Amazon SES.")
    expected: list[str] = Field(description="The values to write into DNS.")
    found: list[str] = Field(description="The values that are there.")


class ReportOut(Schema):
    domain: str
    good: bool = Field(description="Whether everything is as it is needed.")
    checks: list[CheckOut]
    trouble: str | None = Field(description="Why no name server could be asked at all; null where one was.")


def domain_row(domain: Domain) -> dict[str, Any]:
    return {
        "domain": domain.domain,
        "shown": str(domain),
        "description": domain.description,
        "active": domain.active,
        "created": domain.created_datetime,
        "modified": domain.modified_datetime,
    }


def known_domain(name: str) -> Domain:
    """Text that is no domain is none that we know. Raises NotFound. Cost: 2 calls."""
    try:
        return find_domain(name)
    except InvalidAddress as error:
        raise NotFound(error.text, field="domain") from error


@router.get("/domains", **operation(Scope.READ, "listDomains", Many[DomainOut]))
def list_domains(request: HttpRequest, response: HttpResponse, filters: Query[DomainFilters]) -> Any:
    """The domains that are or were served, by name.

    Cost: 4 calls.
    """
    wanted = filters.q.casefold()
    rows = [
        domain
        for domain in every_domain()
        if filters.active in {None, domain.active}
        and any(wanted in text.casefold() for text in (domain.domain, str(domain), domain.description))
    ]
    shown, following = piece(rows, lambda domain: domain.domain, filters.cursor, filters.limit)
    return page(request, response, [domain_row(domain) for domain in shown], following)


@router.post("/domains", **operation(Scope.ADMIN, "addDomain", {201: One[DomainOut]}, HTTPStatus.CONFLICT))
def create_domain(request: HttpRequest, response: HttpResponse, body: DomainIn) -> Any:
    """Serve one more domain. 409 where it is known already.

    Cost: 6 calls.
    """
    domain = add_domain(body.domain, body.description or "", by=caller_of(request).name)
    response["Location"] = reverse("api-v1:domain", kwargs={"domain": domain.domain})
    return Status(HTTPStatus.CREATED, {"data": domain_row(domain)})


@router.get(
    "/domains/{domain}", url_name="domain", **operation(Scope.READ, "getDomain", One[DomainOut], HTTPStatus.NOT_FOUND)
)
def get_domain(request: HttpRequest, domain: str) -> Any:
    """One domain, in any spelling.

    Cost: 4 calls.
    """
    return {"data": domain_row(known_domain(domain))}


@router.patch(
    "/domains/{domain}",
    **operation(Scope.ADMIN, "changeDomain", One[DomainOut], HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def change_domain(request: HttpRequest, domain: str, body: DomainChange) -> Any:
    """Describe it, serve it or serve it no longer; its aliases stay. What is left out, or is so already, stays.

    Cost: 4 calls where nothing changes, else 10; 14 for both.
    """
    known, by = known_domain(domain), caller_of(request).name
    changed = is_changed(
        known,
        body,
        switch=lambda known, on: (activate_domain if on else deactivate_domain)(known, by=by),
        describe=lambda known, text: describe_domain(known, text, by=by),
    )
    return {"data": domain_row(find_domain(known.domain) if changed else known)}


@router.delete(
    "/domains/{domain}",
    **operation(Scope.ADMIN, "removeDomain", {204: None, 202: One[Removal]}, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def delete_domain(request: HttpRequest, domain: str, filters: Query[RemovalFilters]) -> Any:
    """Forget it: 204. 409 while it has aliases, unless they are to go along.

    So many aliases that the time of one call is over first are deleted in several: 202 says how many are gone. The
    domain itself goes last; repeat the call until it answers 204.

    Cost: 9 calls; with aliases 10, 1 for each of them, and 1 for each 25.
    """
    known, by = known_domain(domain), caller_of(request).name
    if not filters.with_aliases:
        remove_domain(known, by=by)
        return Status(HTTPStatus.NO_CONTENT, None)
    end, deleted = time.monotonic() + SECONDS, 0
    with closing(remove_with_aliases(known, by=by)) as removing:
        for done in removing:
            deleted += done.error is None
            if time.monotonic() >= end:
                return Status(HTTPStatus.ACCEPTED, {"data": {"domain": known.domain, "deleted": deleted}})
    return Status(HTTPStatus.NO_CONTENT, None)


@router.get("/domains/{domain}/dns", **operation(Scope.READ, "checkDomain", One[ReportOut], HTTPStatus.NOT_FOUND))
def check_domain(request: HttpRequest, domain: str) -> Any:
    """What the domain needs in DNS, and what is there now: MX, SPF, DKIM, DMARC, and the word of Amazon SES.

    It is looked up anew, which takes up to ten seconds. Cost: 4 calls, and 2 requests to Amazon SES.
    """
    report = checking.check_domain(known_domain(domain).domain)
    return {
        "data": {
            "domain": report.domain,
            "good": report.is_good,
            "checks": [_check_row(check) for check in report.checks],
            "trouble": message(report.trouble) if report.trouble else None,
        }
    }


def _check_row(check: found.Check) -> dict[str, Any]:
    return {
        "subject": check.subject,
        "status": check.status,
        "finding": check.finding,
        "sentence": sentence(check),
        "name": check.name,
        "type": check.type,
        "expected": list(check.expected),
        "found": list(check.found),
    }
