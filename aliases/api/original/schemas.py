"""What bodies look like, in JSON Schema, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from aliases.api.original.lists import MOST_ROWS
from aliases.api.plain import FLAGS
from aliases.records.addresses import ADDRESS_OCTETS, LOCAL_PART_OCTETS

Schema = dict[str, Any]
DESCRIPTION_LETTERS = 1000


def text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def whole(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def thing(properties: dict[str, Schema], *required: str, **more: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), **more}


LOCAL_PART = text("What stands before the @.", maxLength=LOCAL_PART_OCTETS, examples=["shop"])
DOMAIN_NAME = text("A domain that is served.", maxLength=253, examples=["taco.example"])
TARGET = text(
    "Where mail goes: a local user, S3, or a mailbox elsewhere.", maxLength=ADDRESS_OCTETS, examples=["alice@tacomail"]
)
SEVERAL = {
    "type": "object",
    "additionalProperties": {"type": "boolean"},
    "description": "Several destinations, each on or off. Where there is one, they replace the single destination.",
    "examples": [{"alice@tacomail": True, "S3": False}],
}
NOTE = text("For your eyes only.", maxLength=DESCRIPTION_LETTERS)
ACTIVE = flag("Whether mail is accepted.")
IGNORE = flag("Whether mail is dropped without a word, while the alias is active.")
SERVED = flag("Whether mail for its aliases is accepted.")
ON = flag("Whether mail goes there. While it is off, mail is held.")
CREATED = whole("When it was made, in Unix seconds; 0 where nobody wrote it down.")
MODIFIED = whole("When it was changed last, in Unix seconds; 0 where nobody wrote it down.")
NAMES = {"subdomain": text("The domain."), "domain": text("The same.")}

ALIAS = {
    "alias": text("What stands before the @."),
    "domain": text("What stands behind it."),
    "fullEmailAddress": text("The address."),
    "destination": text("Where mail goes; of several destinations the first one, where no single one is stored."),
    "destinations": SEVERAL,
    "description": text("For your eyes only."),
    "active": ACTIVE,
    "ignore": IGNORE,
    "uuid": text("Stays the same when the address changes."),
    "count": whole("How many messages it got."),
    "created": CREATED,
    "modified": MODIFIED,
}
MOMENTS = {"created": CREATED, "modified": MODIFIED}
DOMAIN = {
    **NAMES,
    "description": text("For your eyes only."),
    "active": SERVED,
    "created_datetime": CREATED,
    "modified_datetime": MODIFIED,
    **MOMENTS,
}
DESTINATION = {
    "id": text("What the paths name it by: the same text."),
    "destination": TARGET,
    "description": text("For your eyes only."),
    "active": ON,
    **MOMENTS,
}
ERROR = {
    "code": {"type": "integer", "description": "The status."},
    "type": text("What the path is about: alias, domain or destination."),
    "message": text("What is wrong, as a sentence."),
}

CHANGE: dict[str, Any] = {"minProperties": 1}
SCHEMAS: dict[str, Schema] = {
    "Alias": thing(ALIAS, *ALIAS, additionalProperties=False),
    "NewAlias": thing(
        {
            "alias": LOCAL_PART,
            "domain": DOMAIN_NAME,
            "destination": TARGET,
            "destinations": SEVERAL,
            "description": NOTE,
        },
        "alias",
        "domain",
        anyOf=[{"required": ["destination"]}, {"required": ["destinations"]}],
    ),
    "AliasChange": thing(
        {
            "alias": LOCAL_PART,
            "domain": DOMAIN_NAME,
            "destination": TARGET,
            "destinations": SEVERAL,
            "description": NOTE,
            "active": ACTIVE,
            "ignore": IGNORE,
        },
        **CHANGE,
    ),
    "Domain": thing(DOMAIN, *DOMAIN, additionalProperties=False),
    "NewDomain": thing({"domain": DOMAIN_NAME, "description": NOTE, "active": SERVED}, "domain"),
    "DomainChange": thing({"description": NOTE, "active": SERVED}, **CHANGE),
    "Destination": thing(DESTINATION, *DESTINATION, additionalProperties=False),
    "NewDestination": thing({"destination": TARGET, "description": NOTE}, "destination"),
    "DestinationChange": thing({"destination": TARGET, "description": NOTE, "active": ON}, **CHANGE),
    "Error": thing(ERROR, *ERROR, additionalProperties=False),
}

YES_OR_NO: Schema = {"type": "string", "enum": list(FLAGS)}
QUERY: dict[str, tuple[str, Schema]] = {
    "alias": ("A whole address, in any spelling.", {"type": "string"}),
    "q": ("A piece of the name, in upper or lower case.", {"type": "string"}),
    "destination": ("A destination, one of several and one that is off, too.", {"type": "string"}),
    "active": ("Only those that are active, or that are not.", YES_OR_NO),
    "ignore": ("Only those that are ignored, or that are not.", YES_OR_NO),
    "limit": ("How many at most; all without it.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}),
    "cursor": ("Where the page begins: take it from “Link” of the page before.", {"type": "string"}),
}
PATHS = {
    "uuid": "“uuid” of the alias.",
    "domain": "The domain, in any spelling.",
    "destination": "“id” of the destination, percent-encoded.",
}
