"""The mapping of the models Domain and Destination on the registry, which keeps items and string sets in step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aliases.backend.errors import not_supported
from aliases.backend.listings import listings
from aliases.backend.mapping import Increment, ModelMapping, Row, moment
from aliases.backend.planning import AccessPath, Constraints
from aliases.records.destinations import local_domains
from aliases.records.exceptions import NotFound
from aliases.records.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aliases.records.registry import Known

WRITABLE = frozenset({"description", "active"})
KEPT_BY_THE_REGISTRY = frozenset({"created_datetime", "modified_datetime"})


class _KnownMapping(ModelMapping):
    """There are few of them, and all of them take 2 requests, so every query reads all."""

    noun: ClassVar[str]

    @property
    def registry(self) -> Registry:
        return Registry(self.table, local_domains())

    def known(self) -> list[Known]:
        raise NotImplementedError

    def calls(self) -> tuple[Callable[..., Known], Callable[[str, str], None], Callable[[str, bool], None]]:
        """Add, describe, switch."""
        raise NotImplementedError

    def choose(self, constraints: Constraints, enough: int | None) -> AccessPath:
        return AccessPath(f"all {self.kind}", "1 GetItem and 1 Query for each megabyte", self._rows)

    def _rows(self) -> Iterator[Row]:
        for known in listings.read(self.kind, self.known):
            values: dict[str, Any] = {
                self.key: known.name,
                "description": known.description,
                "active": known.active,
                "created_datetime": moment(known.created),
                "modified_datetime": moment(known.modified),
            }
            yield Row({column: values[column] for column in self.fields}, {})

    def insert(self, values: dict[str, Any]) -> dict[str, Any]:
        """Cost: 3 or 4 calls, one more where it is added as not active. Raises InvalidAddress, AlreadyExists."""
        add, _, switch = self.calls()
        known = add(values[self.key], values.get("description") or "")
        if not values.get("active", True):
            switch(known.name, False)
        return {**values, self.key: known.name}

    def check_update(self, changes: Mapping[str, Any]) -> None:
        super().check_update(changes)
        for column, value in changes.items():
            if isinstance(value, Increment) or column not in WRITABLE | KEPT_BY_THE_REGISTRY:
                raise not_supported(f"changing {column} of a {self.noun}")

    def update(self, row: Row, changes: Mapping[str, Any], guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 3 calls for the description, 3 for the switch. Raises Conflict where it changes at the same moment."""
        _, describe, switch = self.calls()
        name, wanted = row.values[self.key], {c: v for c, v in changes.items() if v != row.values[c]}
        try:
            if "description" in wanted:
                describe(name, wanted["description"] or "")
            if "active" in wanted:
                switch(name, bool(wanted["active"]))
        except NotFound:
            return False
        return True


class DomainMapping(_KnownMapping):
    kind = "domains"
    noun = "domain"

    def known(self) -> list[Known]:
        return self.registry.domains()

    def calls(self) -> tuple[Callable[..., Known], Callable[[str, str], None], Callable[[str, bool], None]]:
        registry = self.registry
        return registry.add_domain, registry.describe_domain, registry.set_domain_active

    def delete(self, row: Row, guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 4 calls. Raises InUse while aliases exist."""
        try:
            self.registry.remove_domain(row.values[self.key])
        except NotFound:
            return False
        return True


class DestinationMapping(_KnownMapping):
    kind = "destinations"
    noun = "destination"

    def known(self) -> list[Known]:
        return self.registry.destinations()

    def calls(self) -> tuple[Callable[..., Known], Callable[[str, str], None], Callable[[str, bool], None]]:
        registry = self.registry
        return registry.add_destination, registry.describe_destination, registry.set_destination_active

    def delete(self, row: Row, guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 3 calls and a listing of the aliases. Raises InUse while aliases name it."""
        try:
            self.registry.remove_destination(row.values[self.key])
        except NotFound:
            return False
        return True
