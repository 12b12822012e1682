"""Aliases as the API shows and takes them."""

from enum import StrEnum
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field, StrictBool

from aliases.api.v1.schemas import MOST_IDS, Body, ItemError, Moment, Pages
from aliases.models import Alias, State
from aliases.services.listing import Sort
from aliases.services.suggestions import Style

MOST_DESTINATIONS = 100
LETTERS = 320  # of a name, a domain, a destination or a search: no address is longer
SITE_LETTERS = 2_000
EXAMPLE = "8d5a9c1e-4b7f-4f0e-9a63-0c1d2e3f4a5b"

Short = Annotated[str, Field(max_length=LETTERS)]


def _setting(value: Any) -> Any:
    return {"destination": value} if isinstance(value, str) else value


class DestinationSetting(Body):
    destination: Short = Field(description="A local user (alice@tacomail), S3, or a mailbox elsewhere.")
    active: StrictBool = True


# A text alone is a destination that is on.
DestinationSettings = Annotated[
    list[Annotated[DestinationSetting, BeforeValidator(_setting, json_schema_input_type=str | DestinationSetting)]],
    Field(min_length=1, max_length=MOST_DESTINATIONS),
]


class AliasDestination(Schema):
    destination: str
    active: bool


class AliasCounts(Schema):
    """Messages."""

    delivered: int
    ignored: int
    refused: int


class AliasOut(Schema):
    id: str = Field(description="Stays the same when the address changes.", examples=[EXAMPLE])
    address: str = Field(examples=["shop@taco.example"])
    email: str = Field(description="The same as address.", examples=["shop@taco.example"])
    name: str = Field(description="What stands before the @.", examples=["shop"])
    domain: str = Field(examples=["taco.example"])
    state: State = Field(
        description="active: mail goes to the destinations; ignored: it is taken and dropped; paused: it is refused."
    )
    destinations: list[AliasDestination]
    description: str
    counts: AliasCounts
    last_used: Moment | None
    created: Moment | None
    modified: Moment | None


class NewAlias(Body):
    """Everything may be left out: then two words are the name, and domain and destination are those of the token."""

    name: Short | None = Field(None, description="What stands before the @. Leave it out to have one made.")
    style: Style | None = Field(
        None,
        description="How a name is made: words (the default), characters, uuid, or site: the name of `site` and four "
        "characters.",
    )
    site: Annotated[str, Field(max_length=SITE_LETTERS)] | None = Field(
        None, description="The site that the alias is for, or a page of it.", examples=["https://www.shop.example/"]
    )
    domain: Short | None = Field(None, description="One that is served; else that of the token, or the first one.")
    destinations: DestinationSettings | None = Field(
        None, description="Else the one of the token, or the first one that is on."
    )
    description: str | None = Field(None, description="For your eyes only; up to 1,000 characters.")
    state: State | None = Field(None, description="Else active.")


class AliasChange(Body):
    """What is left out, or null, stays as it is."""

    name: Short | None = None
    domain: Short | None = None
    state: State | None = None
    destinations: DestinationSettings | None = Field(None, description="All of them: those before are replaced.")
    description: str | None = None


class AliasFilters(Pages):
    q: Short = Field("", description="Text in the address, the description or a destination, without case.")
    address: Short = Field("", description="Exactly this address.")
    domain: Short = Field("", description="On this domain.")
    destination: Short = Field("", description="That name this destination, on or off.")
    state: State | None = None
    sort: Sort = Field(
        Sort.NEWEST,
        description="newest: last made first; used: last used first; most: most used first; address; domain.",
    )
    cursor: str = Field("", max_length=2_000, description="`next` of the page before, in the same order.")


class BulkAction(StrEnum):
    """What is done with each."""

    ACTIVATE = "activate"
    IGNORE = "ignore"
    PAUSE = "pause"
    DELETE = "delete"
    MOVE = "move"  # to `domain`
    SET_DESTINATIONS = "set_destinations"  # to `destinations`
    DESCRIBE = "describe"  # with `description`


class BulkOrder(Body):
    ids: list[Short] = Field(min_length=1, max_length=MOST_IDS, examples=[[EXAMPLE]])
    action: BulkAction
    domain: Short | None = Field(None, description="For move.")
    destinations: DestinationSettings | None = Field(None, description="For set_destinations.")
    description: str | None = Field(None, description="For describe.")


class BulkResult(Schema):
    id: str
    ok: bool
    error: ItemError | None


def shown(alias: Alias) -> dict[str, Any]:
    """An alias for AliasOut."""
    return {
        "id": alias.identifier,
        "address": alias.address,
        "email": alias.address,
        "name": alias.alias_address,
        "domain": alias.sub_domain,
        "state": alias.state,
        "destinations": [{"destination": text, "active": on} for text, on in alias.destination_list],
        "description": alias.description or "",
        "counts": {"delivered": alias.use_count, "ignored": alias.ignored_count, "refused": alias.refused_count},
        "last_used": alias.last_used_datetime,
        "created": alias.created_datetime,
        "modified": alias.modified_datetime,
    }


def wanted_map(destinations: list[DestinationSetting]) -> dict[str, bool]:
    """For the services. What is named twice is on where one of them is."""
    wanted: dict[str, bool] = {}
    for one in destinations:
        wanted[one.destination] = one.active or wanted.get(one.destination, False)
    return wanted
