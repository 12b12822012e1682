"""Finding an alias by its identifier, the name that stays when its address changes, and counting its uses."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F

from aliases.models import Alias
from aliases.records.exceptions import NotFound
from aliases.records.translatable import gettext_noop
from aliases.services.stores import record_errors

UNKNOWN = gettext_noop("There is no alias with this identifier.")


def alias_by_identifier(identifier: str) -> Alias:
    """What was made or changed by this process a moment ago is found, too. Raises NotFound, TableError.

    Cost: 1 call; 3 more, within 0.35 s, for one that nobody has seen yet, and none for what no identifier can be.
    """
    _check_possible(identifier)
    try:
        with record_errors():
            return Alias.objects.get(pk=identifier)
    except ObjectDoesNotExist as error:
        raise NotFound(UNKNOWN, field="identifier") from error


def count_use(identifier: str) -> None:
    """One more use of this alias, for whoever carries mail beside tacomail. The history says nothing of uses.

    Raises NotFound, TableError. Cost: 1 call more than `alias_by_identifier`.
    """
    _check_possible(identifier)
    with record_errors():
        if not Alias.objects.filter(pk=identifier).update(use_count=F("use_count") + 1):
            raise NotFound(UNKNOWN, field="identifier")


def _check_possible(identifier: str) -> None:
    most = Alias._meta.pk.max_length or 0
    if not 0 < len(identifier) <= most:
        raise NotFound(UNKNOWN, field="identifier")
