"""The second step: an authenticator (a TOTPDevice of django-otp), and recovery codes for when it is lost.

The device is written once and never changed. That a code works once is kept beside it: of two requests with the same
code only one can add the UsedCode, while django-otp's own mark on the device is read, compared and written in three
steps, so both would pass. Recovery codes are rows of our own for the same reason, and since django-otp keeps its
static tokens in clear; whoever sees the table, or a copy of it, shall not find a way in.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.ui.qrcode import qr_code as qr_code_of
from tacomail_site.accounts.randomtext import random_text
from tacomail_site.models import RecoveryCode, UsedCode

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from tacomail_site.models import Operator

SECRET_OCTETS = 20  # RFC 4226, section 4, R6
RECOVERY_CODES = 10
USED_FOR = timedelta(minutes=10)  # a code is right for a minute and a half
DEVICE_NAME = "authenticator"


def confirmed_device(operator: Operator) -> TOTPDevice | None:
    """The operator's authenticator. Cost: 1 call."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=operator, confirmed=True).order_by("-pk").first()
    return found


def usernames_with_device() -> set[str]:
    """Who has an authenticator. Cost: 1 call."""
    return set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))


def new_secret() -> str:
    """The secret of a new authenticator, in hexadecimal."""
    return secrets.token_hex(SECRET_OCTETS)


def unsaved_device(operator: Operator, secret: str) -> TOTPDevice:
    """An authenticator that counts only once it is saved."""
    return TOTPDevice(user=operator, name=DEVICE_NAME, key=secret, confirmed=True)


def accepted(device: TOTPDevice, code: str) -> bool:
    """Whether the device shows this code now (RFC 6238), and nobody used it yet. Cost: 1 call, 0 for a wrong code."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    if not code.isdecimal() or not totp.verify(int(code), device.tolerance):
        return False
    # The name holds the secret's hash: a device that is being set up has no number yet.
    key = f"{hashlib.sha256(device.bin_key).hexdigest()}/{totp.t()}"
    try:
        UsedCode.objects.create(key=key, expires=timezone.now() + USED_FOR)
    except IntegrityError:
        return False
    return True


def accepted_recovery(operator: Operator, code: str) -> bool:
    """Whether it is one of the operator's recovery codes; it is gone then. Cost: 2 calls, 1 for a wrong code."""
    removed, _ = RecoveryCode.objects.filter(pk=_digest(operator, code)).delete()
    return removed == 1


def codes_left(operator: Operator) -> int:
    """Cost: 1 call."""
    return RecoveryCode.objects.filter(operator=operator).count()


def renew_codes(operator: Operator) -> list[str]:
    """New recovery codes in place of the old ones; nobody sees them again. Cost: 12 calls, and 1 for each old one.

    The new ones come first: whatever breaks off in between, the operator keeps a way in.
    """
    old = list(RecoveryCode.objects.filter(operator=operator))
    codes = [random_text() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(_digest(operator, code), operator.pk) for code in codes)
    RecoveryCode.objects.filter(pk__in=[code.pk for code in old]).delete()
    return codes


def _digest(operator: Operator, code: str) -> str:
    letters = "".join(char for char in code.lower() if char.isalnum())
    return hashlib.sha256(f"{operator.pk}/{letters}".encode()).hexdigest()


def qr_code(device: TOTPDevice) -> SafeString:
    """The address that authenticator apps read."""
    return qr_code_of(device.config_url)


def shown_secret(device: TOTPDevice) -> str:
    """The secret as a person types it, in groups of four letters (base32, RFC 4648)."""
    text = base64.b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
