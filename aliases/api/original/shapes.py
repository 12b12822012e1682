"""Aliases, domains and destinations as these routes show them, and what stands in requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.utils.translation import gettext as _

from aliases.api.original.refusals import BadQuery, InvalidProperty, MissingProperty
from aliases.api.plain import FLAGS

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from aliases.models import Alias, Destination, Domain

    Body = dict[str, Any]

MOST_FLAGS = 100  # of one object: an item of the table holds 400 KB


class AliasBody(TypedDict):
    alias: str
    domain: str
    fullEmailAddress: str
    destination: str
    destinations: dict[str, bool]
    description: str
    active: bool
    ignore: bool
    uuid: str
    count: int
    created: int
    modified: int


class DomainBody(TypedDict):
    """Each name twice: clients read `subdomain` and the moments with `_datetime`, the documents said the others."""

    subdomain: str
    domain: str
    description: str
    active: bool
    created_datetime: int
    modified_datetime: int
    created: int
    modified: int


class DestinationBody(TypedDict):
    id: str
    destination: str
    description: str
    active: bool
    created: int
    modified: int


def alias_body(alias: Alias) -> AliasBody:
    """`destination` is the first of several where there is no single one, since older clients show nothing else."""
    several = dict(alias.destination_list) if alias.destinations else {}
    return {
        "alias": alias.alias_address,
        "domain": alias.sub_domain,
        "fullEmailAddress": alias.address,
        "destination": alias.destination or next(iter(several), ""),
        "destinations": several,
        "description": alias.description or "",
        "active": alias.active_alias,
        "ignore": alias.ignore_alias,
        "uuid": alias.identifier,
        "count": alias.use_count,
        "created": unix_seconds(alias.created_datetime),
        "modified": unix_seconds(alias.modified_datetime),
    }


def domain_body(domain: Domain) -> DomainBody:
    created, modified = unix_seconds(domain.created_datetime), unix_seconds(domain.modified_datetime)
    return {
        "subdomain": domain.domain,
        "domain": domain.domain,
        "description": domain.description,
        "active": domain.active,
        "created_datetime": created,
        "modified_datetime": modified,
        "created": created,
        "modified": modified,
    }


def destination_body(destination: Destination) -> DestinationBody:
    return {
        "id": destination.destination,
        "destination": destination.destination,
        "description": destination.description,
        "active": destination.active,
        "created": unix_seconds(destination.created_datetime),
        "modified": unix_seconds(destination.modified_datetime),
    }


def unix_seconds(moment: datetime | None) -> int:
    """0 where nobody wrote it down: clients calculate with it."""
    return 0 if moment is None else int(moment.timestamp())


def asked_flag(request: HttpRequest, name: str) -> bool | None:
    """A parameter that is yes or no; None where it is not given. Raises BadQuery."""
    text = request.GET.get(name)
    if text is not None and text not in FLAGS:
        raise BadQuery(_("“%(name)s” is to be true, false, 1 or 0.") % {"name": name})
    return None if text is None else FLAGS[text]


def given_text(body: Body, name: str) -> str | None:
    """A text of the body; None where it is absent or null. Raises InvalidProperty where it is something else."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidProperty(_("“%(name)s” is to be a text.") % {"name": name})
    return value


def required_text(body: Body, name: str) -> str:
    """Raises MissingProperty, InvalidProperty."""
    value = given_text(body, name)
    if value is None:
        raise MissingProperty(_("A property is missing: %(name)s.") % {"name": name})
    return value


def given_flag(body: Body, name: str) -> bool | None:
    """None where it is absent or null. Raises InvalidProperty."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidProperty(_("“%(name)s” is to be true or false.") % {"name": name})
    return value


def given_flags(body: Body, name: str) -> dict[str, bool] | None:
    """Names that are on or off; None where they are absent or null. Raises InvalidProperty."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(flag, bool) for flag in value.values()):
        raise InvalidProperty(_("“%(name)s” is to be an object whose values are true or false.") % {"name": name})
    if len(value) > MOST_FLAGS:
        many = _("This has more than %(max_length)d entries.") % {"max_length": MOST_FLAGS}
        raise InvalidProperty(f"{name}: {many}")
    return value


def check_change(body: Body, *names: str) -> None:
    """Raises InvalidProperty where the body names none of these."""
    if all(body.get(name) is None for name in names):
        raise InvalidProperty(_("Name a property to change: %(names)s.") % {"names": ", ".join(names)})
