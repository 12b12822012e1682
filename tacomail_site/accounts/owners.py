"""An owner steps down only while another one stays, even when two step down at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _
from pynamodb.expressions.operand import Path

from aliases.backend.documents import DATA
from aliases.records.attributes import dynamodb_value
from aliases.records.connection import Update
from aliases.records.exceptions import Conflict, NotFound, TransactionCancelled
from aliases.records.keys import Key
from aliases.services.stores import site_table
from tacomail_site.accounts.exceptions import LastOwner
from tacomail_site.models import Operator, Role

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

MOST_TRIES = 5  # of owners who step down while we look for one who stays


def change(operator: Operator, field: str, value: Any) -> Any:
    """Set the field `role` or `is_active` of an operator; gives what it was.

    The write holds on condition that both are as read, else it looks again. Where an active owner ceases to be one,
    the same transaction asks that another one is an active owner still; so two owners who step down at once, each
    counting on the other, cannot both succeed. Raises LastOwner, NotFound, Conflict.
    Cost: 1 call, 2 where an owner steps down, and as many and 1 more for each try that met another change.
    """
    for _try in range(MOST_TRIES):
        before = getattr(operator, field)
        writes = [Update(_key(operator), [_column(field).set(dynamodb_value(value))], _is(operator))]
        if operator.is_owner and operator.is_active and value != before:
            # DynamoDB has no update without an action: this one writes what its condition says is there.
            other = _another_owner(operator, field)
            writes.append(Update(_key(other), [_column("role").set(dynamodb_value(other.role))], _is(other)))
        try:
            site_table().transact(writes)
        except TransactionCancelled:
            _look_again(operator)
        else:
            setattr(operator, field, value)
            return before
    raise Conflict(_("Others change the owners at this moment: try again."))


def _look_again(operator: Operator) -> None:
    try:
        operator.refresh_from_db(fields=["role", "is_active"])
    except Operator.DoesNotExist:
        text = _("There is no operator %(name)s any more.") % {"name": operator.username}
        raise NotFound(text) from None


def _another_owner(operator: Operator, field: str) -> Operator:
    active = Operator.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=operator.pk)
    staying = active.first()
    if staying is None:
        raise LastOwner(
            _("%(name)s is the last active owner: make another operator an owner first.") % {"name": operator.username},
            field=field,
        )
    return staying


def _key(operator: Operator) -> Key:
    mapping: Any = connections[DEFAULT_DB_ALIAS].mapping(Operator)  # type: ignore[attr-defined]  # our own backend's
    return Key(mapping.partition, operator.pk)


def _column(name: str) -> Any:
    return Path([DATA, name])


def _is(operator: Operator) -> Condition:
    """That role and state are still as read."""
    role, active = dynamodb_value(str(operator.role)), dynamodb_value(operator.is_active)
    both: Condition = (_column("role") == role) & (_column("is_active") == active)
    return both
