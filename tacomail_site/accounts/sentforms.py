"""Forms that do something once, however often they are sent: by a second click, or by loading their answer again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils import timezone

from tacomail_site.models import UsedCode

if TYPE_CHECKING:
    from tacomail_site.models import Operator

REMEMBERED_FOR = timedelta(days=30)  # a browser that restores an old tab asks before it sends a form again


def is_first_time(operator: Operator, mark: str) -> bool:
    """Whether this operator sends the form with this mark for the first time. From now on it was sent.

    Of several requests at the same moment one is the first. Cost: 1 call.
    """
    try:
        UsedCode.objects.create(key=f"form/{operator.pk}/{mark}", expires=timezone.now() + REMEMBERED_FOR)
    except IntegrityError:
        return False
    return True
