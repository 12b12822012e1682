"""The alias item (attributes as in the README's schema) and the index that lists aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from aliases.records.attributes import CountAttribute, DocumentAttribute, FlagAttribute, TextAttribute, is_true
from aliases.records.keys import APPLICATION, INDEX_NAME, Key

if TYPE_CHECKING:
    from collections.abc import Iterator


class ApplicationIdentifierIndex(GlobalSecondaryIndex["Alias"]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """Answers "by identifier" and "list"; also holds held messages and the log by day."""

    class Meta:
        index_name = INDEX_NAME
        projection = AllProjection()

    application = TextAttribute(hash_key=True)
    identifier = TextAttribute(range_key=True)


class Alias(Model):
    """One alias. Moments are Unix seconds. A missing `active_alias` reads as active: doubt never bounces."""

    sub_domain = TextAttribute(hash_key=True)
    alias_address = TextAttribute(range_key=True)
    application = TextAttribute(default=APPLICATION)
    identifier = TextAttribute(null=True)
    full_address = TextAttribute(null=True)
    active_alias = FlagAttribute(reads_absent_as=True)
    ignore_alias = FlagAttribute(reads_absent_as=False)
    destination = TextAttribute(null=True)
    destinations = DocumentAttribute(null=True)
    description = TextAttribute(null=True)
    created_datetime = CountAttribute(default=0)
    modified_datetime = CountAttribute(default=0)
    last_used_datetime = CountAttribute(null=True)
    use_count = CountAttribute(default=0)
    ignored_count = CountAttribute(default=0)
    refused_count = CountAttribute(default=0)

    application_identifier_index = ApplicationIdentifierIndex()

    @property
    def key(self) -> Key:
        return Key(self.sub_domain, self.alias_address)

    @property
    def address(self) -> str:
        """`full_address`, which older items may lack."""
        return f"{self.alias_address}@{self.sub_domain}"


def destination_entries(alias: Alias) -> Iterator[tuple[str, bool]]:
    """Each destination text of an alias, and whether it is on: `destinations` if it holds an entry, else `destination`.

    An entry whose value is text names its destination itself; else its name does, and the value says `active`.
    """
    entries = alias.destinations
    if not isinstance(entries, dict) or not entries:
        if alias.destination and alias.destination.strip():
            yield alias.destination, True
        return
    for name, value in entries.items():
        if isinstance(value, str):
            yield value, True
        elif isinstance(value, dict):
            named = value.get("destination")
            yield (named if isinstance(named, str) and named else name), is_true(value.get("active"), default=True)
        else:
            yield name, is_true(value, default=True)
