"""All that decides who may sign in, so that a test sees whether anything of it changed."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.services.stores import site_table
from tacomail_site.accounts.throttling import PARTITION
from tacomail_site.models import ApiToken, Operator, RecoveryCode

OPERATOR_COLUMNS = ("username", "name", "role", "is_active", "two_step_required", "password", "session_salt")


def standing() -> dict[str, Any]:
    """Operators, their ways to sign in, sessions, API tokens, and the counters of wrong attempts but confirmations."""
    return {
        "operators": sorted(Operator.objects.values_list(*OPERATOR_COLUMNS)),
        "authenticators": sorted(TOTPDevice.objects.values_list("user_id", "key")),
        "recovery codes": sorted(RecoveryCode.objects.values_list("pk", flat=True)),
        "sessions": sorted(Session.objects.values_list("pk", flat=True)),
        "tokens": sorted(ApiToken.objects.values_list("pk", flat=True)),
        "counters": sorted(name for name in _counters() if not name.endswith("/confirmation")),
    }


def _counters() -> list[str]:
    return [item["alias_address"]["S"] for page in site_table().query(PARTITION) for item in page.items]
