"""Uses of an alias that were no message through this system."""

from __future__ import annotations

from django.db.models import F

from aliases.models import Alias
from aliases.records.exceptions import NotFound
from aliases.records.translatable import gettext_noop
from aliases.services.stores import record_errors


def count_use(identifier: str) -> None:
    """One more use of this alias, for whoever carries mail beside tacomail. The history says nothing of uses.

    Raises NotFound, TableError, whatever the text is. Cost: 2 calls; 3 more, within 0.35 s, where nobody has seen the
    identifier yet.
    """
    with record_errors():
        counted = Alias.objects.filter(pk=identifier).update(use_count=F("use_count") + 1)
    if not counted:
        raise NotFound(gettext_noop("There is no alias with this identifier."), field="identifier")
