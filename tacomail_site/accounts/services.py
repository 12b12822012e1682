"""What may be done with operators, one function each, for the admin, the pages and the commands alike.

`by` is who does it, as the history will show: an operator's user name, or "command line". The functions raise the
errors of `aliases.records.exceptions` and of `exceptions.py` here, whose `field` says which input is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.records.exceptions import AlreadyExists, NotFound
from aliases.records.history import Action, HistoryEntry
from aliases.services.histories import write_down
from tacomail_site.accounts import owners, twostep
from tacomail_site.accounts.exceptions import InvalidOperator, WeakPassword
from tacomail_site.accounts.randomtext import random_text
from tacomail_site.models import USERNAME_LETTERS, Operator, RecoveryCode, Role, is_username

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_otp.models import Device

OPERATOR = "operator"  # the kind of their entries in the history


def find_operator(username: str) -> Operator:
    """By user name in any case. Raises NotFound. Cost: 1 call."""
    try:
        return Operator.objects.get_by_natural_key(username)
    except Operator.DoesNotExist as error:
        text = _("There is no operator %(name)s.") % {"name": username}
        raise NotFound(text, field="username") from error


def create_operator(
    username: str,
    password: str,
    *,
    role: str = Role.EDITOR,
    name: str = "",
    two_step_required: bool = False,
    by: str,
) -> Operator:
    """Raises InvalidOperator, WeakPassword, AlreadyExists. Cost: 2 calls."""
    wanted = Operator.normalize_username(username)
    if not is_username(wanted):
        raise InvalidOperator(
            _(
                "%(name)r cannot be a user name: it begins with a letter or a digit, holds small letters, digits and "
                ". _ @ + - only, and has %(most)d of them at most."
            )
            % {"name": username, "most": USERNAME_LETTERS},
            field="username",
        )
    check_role(role)
    check_password(password, Operator(username=wanted, name=name))
    try:
        operator = Operator.objects.create_operator(
            wanted, password, role, name=name, two_step_required=two_step_required
        )
    except IntegrityError as error:
        text = _("There is an operator %(name)s already.") % {"name": wanted}
        raise AlreadyExists(text, field="username") from error
    required = {"two_step_required": [False, True]} if two_step_required else {}
    _write_down(operator, Action.CREATED, by, role=["", role], **required)
    return operator


def add_operator(
    username: str, *, role: str, name: str = "", two_step_required: bool = False, by: str
) -> tuple[Operator, str]:
    """Make an operator with a password that is made, too, and that nobody can ask for again.

    Raises InvalidOperator, AlreadyExists. Cost: 2 calls.
    """
    password = random_text()
    made = create_operator(username, password, role=role, name=name, two_step_required=two_step_required, by=by)
    return made, password


def list_operators() -> list[tuple[Operator, bool]]:
    """Every operator by user name, and whether two-step sign-in is set up. Cost: 2 calls."""
    with_device = twostep.usernames_with_device()
    return [(operator, operator.pk in with_device) for operator in Operator.objects.order_by("username")]


def edit_operator(operator: Operator, changes: Mapping[str, Any], *, by: str) -> None:
    """Write those of `name`, `role`, `is_active` and `two_step_required` that are in `changes`.

    What can be refused comes first, so that a refusal leaves all as it was, or the role alone changed.
    Raises InvalidOperator, LastOwner, NotFound, Conflict. Cost: 2 or 3 calls for each change.
    """
    if "role" in changes:
        change_role(operator, changes["role"], by=by)
    if "is_active" in changes:
        (activate if changes["is_active"] else deactivate)(operator, by=by)
    if "two_step_required" in changes:
        require_two_step(operator, changes["two_step_required"], by=by)
    if "name" in changes:
        set_name(operator, changes["name"], by=by)


def check_role(role: str) -> None:
    """Raises InvalidOperator."""
    if role not in Role.values:
        text = _("%(role)r is no role: it is one of %(roles)s.") % {"role": role, "roles": ", ".join(Role.values)}
        raise InvalidOperator(text, field="role")


def check_password(password: str, operator: Operator) -> None:
    """Ask the password validators of the settings. Raises WeakPassword."""
    try:
        validate_password(password, operator)
    except ValidationError as error:
        raise WeakPassword(error.messages) from error


def set_name(operator: Operator, name: str, *, by: str) -> None:
    """Cost: 3 calls."""
    before, operator.name = operator.name, name
    operator.save(update_fields=["name"])
    _write_down(operator, Action.CHANGED, by, name=[before, name])


def change_role(operator: Operator, role: str, *, by: str) -> None:
    """Raises InvalidOperator, LastOwner, NotFound. Cost: 2 calls, 3 where an owner steps down."""
    check_role(role)
    if role != operator.role:
        before = owners.change(operator, "role", role)
        _write_down(operator, Action.CHANGED, by, role=[before, role])


def activate(operator: Operator, *, by: str) -> None:
    """Let the operator sign in again. Raises NotFound. Cost: 2 calls."""
    if not operator.is_active:
        owners.change(operator, "is_active", True)
        _write_down(operator, Action.RESUMED, by)


def deactivate(operator: Operator, *, by: str) -> None:
    """Let the operator in no more, from the very next request on. Raises LastOwner, NotFound.

    Cost: 2 calls, 3 for an owner.
    """
    if operator.is_active:
        owners.change(operator, "is_active", False)
        _write_down(operator, Action.PAUSED, by)


def remove_operator(operator: Operator, *, by: str) -> None:
    """Remove the operator with authenticator, recovery codes and API tokens. Raises LastOwner, NotFound.

    Cost: about 10 calls, and 1 for each token.
    """
    owners.change(operator, "is_active", False)
    username = operator.username
    operator.delete()
    write_down(HistoryEntry(OPERATOR, username, username, Action.DELETED, by))


def require_two_step(operator: Operator, required: bool, *, by: str) -> None:
    """Whether the operator must set up two-step sign-in before anything else. Cost: 3 calls."""
    before, operator.two_step_required = operator.two_step_required, required
    operator.save(update_fields=["two_step_required"])
    _write_down(operator, Action.CHANGED, by, two_step_required=[before, required])


def set_password(operator: Operator, password: str, *, by: str) -> None:
    """Every session of the operator ends. Raises WeakPassword. Cost: 3 calls."""
    check_password(password, operator)
    operator.set_password(password)
    operator.save(update_fields=["password"])
    _write_down(operator, Action.CHANGED, by, password=["", "changed"])


def reset_password(operator: Operator, *, by: str) -> str:
    """A new password that is made, for who lost theirs; it is given once. Every session ends. Cost: 3 calls."""
    password = random_text()
    set_password(operator, password, by=by)
    return password


def sign_out_everywhere(operator: Operator, *, by: str) -> None:
    """Every session of the operator ends. Cost: 3 calls."""
    operator.sign_out_everywhere()
    _write_down(operator, Action.SIGNED_OUT, by)


def set_up_two_step(operator: Operator, secret: str, *, by: str) -> tuple[Device, list[str]]:
    """Take this authenticator from now on, instead of an earlier one; gives it, and new recovery codes.

    Every session of the operator ends first, so that none goes on that has not passed the second step. Cost: about
    20 calls.
    """
    operator.sign_out_everywhere()
    old = list(TOTPDevice.objects.filter(user=operator).values_list("pk", flat=True))
    device = twostep.unsaved_device(operator, secret)
    device.save(force_insert=True)
    TOTPDevice.objects.filter(pk__in=old).delete()
    codes = twostep.renew_codes(operator)
    _write_down(operator, Action.CHANGED, by, two_step=[bool(old), True])
    return device, codes


def disable_two_step(operator: Operator, *, by: str) -> bool:
    """Forget the authenticator and the recovery codes, and end every session; False when there was no authenticator.

    Where it is required, the operator must set it up again at the next sign-in. Cost: 6 calls, and 1 for each code.
    """
    operator.sign_out_everywhere()
    was_on = TOTPDevice.objects.filter(user=operator).delete()[0] > 0
    RecoveryCode.objects.filter(operator=operator).delete()
    _write_down(operator, Action.CHANGED, by, two_step=[was_on, False])
    return bool(was_on)


def renew_recovery_codes(operator: Operator, *, by: str) -> list[str]:
    """New recovery codes; the old ones are void. Cost: 13 calls, and 1 for each old one."""
    codes = twostep.renew_codes(operator)
    _write_down(operator, Action.CHANGED, by, recovery_codes=["", "renewed"])
    return codes


def _write_down(operator: Operator, action: Action, by: str, **changes: list[Any]) -> None:
    write_down(HistoryEntry(OPERATOR, operator.username, operator.username, action, by, changes))
