"""The same change for many aliases. It comes before `aliases.py`: its path would be that of an alias, too."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from aliases.api.callers import Scope
from aliases.api.failures import told
from aliases.api.v1.aliasschemas import BulkAction, BulkOrder, BulkResult, wanted_map
from aliases.api.v1.naming import our_fields
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.schemas import One
from aliases.models import Alias, State
from aliases.records.exceptions import InvalidAddress, NotFound, RecordError, TableError
from aliases.records.translatable import gettext_noop
from aliases.services.bulk import Done, delete_aliases, describe_aliases, move_aliases, set_destinations, set_states
from aliases.services.stores import every_alias

router = Router(tags=["Aliases"])

STATES = {BulkAction.ACTIVATE: State.ACTIVE, BulkAction.IGNORE: State.IGNORED, BulkAction.PAUSE: State.PAUSED}
NEEDED = {  # what an action needs to know
    BulkAction.MOVE: "domain",
    BulkAction.SET_DESTINATIONS: "destinations",
    BulkAction.DESCRIBE: "description",
}


@router.post("/aliases/bulk", **operation(Scope.WRITE, "changeAliases", One[list[BulkResult]]))
def change_many(request: HttpRequest, order: BulkOrder) -> Any:
    """Change or delete up to 100 aliases at once. One that cannot be changed does not stop the others.

    The results are in the order of the ids; an id that is named twice has one. Where the table stops to answer half
    way, what was not done says so; it can be sent again as a whole.

    Cost: 3 calls to DynamoDB, 1 for each alias, 1 for each 25; 2 for each and 1 more to move them.
    """
    _check_needed(order)
    ids = list(dict.fromkeys(order.ids))
    known = {alias.identifier: alias for alias in every_alias()}
    with our_fields():
        changing: Any = _changing(order, [known[one] for one in ids if one in known], caller_of(request).name)
        with closing(changing):
            return {"data": list(_results(ids, known, changing))}


def _check_needed(order: BulkOrder) -> None:
    """Raises InvalidAddress."""
    field = NEEDED.get(order.action)
    if field and getattr(order, field) is None:
        raise InvalidAddress(_("This action needs it."), code="missing", field=field)


def _changing(order: BulkOrder, aliases: Iterable[Alias], by: str) -> Iterator[Done]:
    match order.action:
        case BulkAction.DELETE:
            return delete_aliases(aliases, by=by)
        case BulkAction.MOVE:
            return move_aliases(aliases, order.domain or "", by=by)
        case BulkAction.SET_DESTINATIONS:
            return set_destinations(aliases, wanted_map(order.destinations or []), by=by)
        case BulkAction.DESCRIBE:
            return describe_aliases(aliases, order.description or "", by=by)
        case _:
            return set_states(aliases, STATES[order.action], by=by)


def _results(ids: Iterable[str], known: dict[str, Alias], changing: Iterator[Done]) -> Iterator[dict[str, Any]]:
    """Raises what is wrong with the order itself, or with the table from the very first on."""
    stopped: TableError | None = None
    done = 0
    for one in ids:
        error: RecordError | None = stopped
        if one not in known:
            error = NotFound(gettext_noop("There is no alias with the identifier %(identifier)s.", identifier=one))
        elif stopped is None:
            try:
                error = next(changing).error
            except TableError as failed:
                if not done:
                    raise
                error = stopped = failed
            else:
                done += 1
        yield {
            "id": one,
            "ok": error is None,
            "error": None if error is None else {"code": error.code, "detail": told(error)},
        }
