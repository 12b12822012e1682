"""The inputs of these tests: the catalogued fixtures, and small examples of records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aliases.records.keys import Key
from aliases.records.log import LogEntry
from aliases.records.message import Decision, Message, Outcome, Reason, RecipientDecision
from aliases.records.messages import Settlement

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
TABLE = "tacomail"
REGION = "us-east-1"
ENVIRONMENT = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
RECEIVED = 1725358530  # 2024-09-03T10:15:30Z
SHOP = Key("taco.example", "shop")


def read(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def address_rows(word: str) -> list[dict[str, Any]]:
    """The rows of all address files that are about `word`: rcpt (mail comes in), create, search, create_domain."""
    files = sorted((FIXTURES / "addresses").iterdir())
    return [row for path in files for row in json.loads(path.read_text(encoding="utf-8")) if word in row]


def alias_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read("aliases.json")["aliases"]
    return rows


def alias_keys() -> set[Key]:
    return {Key(row["sub_domain"], row["alias_address"]) for row in alias_rows()}


def configuration_rows() -> list[dict[str, Any]]:
    config = read("aliases.json")["config"]
    domains = {name for name, entry in config["sub_domains"].items() if entry["active"]}
    return [
        {"sub_domain": "tacomail-config", "alias_address": "sub_domains", "configValue": domains},
        {"sub_domain": "tacomail-config", "alias_address": "destinations", "configValue": set(config["destinations"])},
    ]


def alias_row(local_part: str, domain: str = "taco.example", **attributes: Any) -> dict[str, Any]:
    """An alias as it lies in the table, with no more than it needs."""
    return {
        "sub_domain": domain,
        "alias_address": local_part,
        "application": "tacomail",
        "identifier": f"id-of-{local_part}@{domain}",
        "full_address": f"{local_part}@{domain}",
        "active_alias": True,
        "ignore_alias": False,
        "destination": "alice@tacomail",
        "use_count": 0,
        **attributes,
    }


def message(name: str = "m1", **fields: Any) -> Message:
    """An accepted message for shop@taco.example."""
    decision = RecipientDecision(
        "shop@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, *SHOP, identifier="id-of-shop@taco.example"
    )
    values: dict[str, Any] = {
        "reverse_path": "jane@example.com",
        "received": RECEIVED,
        "recipients": ("shop@taco.example",),
        "decisions": (decision,),
        "disposition": "accept",
        **fields,
    }
    return Message(name, **values)


def settlement(address: str, outcome: Outcome = Outcome.DELIVERED, *, known: bool = True) -> Settlement:
    """What became of a message for one address; `known` says whether it is an alias."""
    local_part, _, domain = address.rpartition("@")
    entry = LogEntry(address, (address,), outcome, Reason.ACTIVE_ALIAS if known else Reason.UNKNOWN_ALIAS)
    return Settlement(entry, Key(domain, local_part) if known else None)
