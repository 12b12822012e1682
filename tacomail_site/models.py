"""Who may sign in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

READING = "view"  # the only kind of permission that a viewer has


class Role(models.TextChoices):
    OWNER = "owner", _("Owner: everything, the operators too")
    EDITOR = "editor", _("Editor: aliases, domains, destinations and mail")
    VIEWER = "viewer", _("Viewer: sees everything but the operators, changes nothing")


def new_session_salt() -> str:
    return secrets.token_urlsafe(16)


class OperatorManager(BaseUserManager["Operator"]):
    def create_operator(self, username: str, password: str | None, role: str = Role.OWNER, **fields: Any) -> Operator:
        """Add an operator. Raises IntegrityError when the user name is taken. Cost: 1 call."""
        operator = self.model(username=self.model.normalize_username(username), role=role, **fields)
        operator.set_password(password)
        operator.save(force_insert=True, using=self._db)
        return operator

    def get_by_natural_key(self, username: str | None) -> Operator:
        """By user name in any case. Raises DoesNotExist. Cost: 1 call."""
        return self.get(username=self.model.normalize_username(username or ""))


class Operator(AbstractBaseUser):
    """A person who signs in. The user name is the primary key, so that two can never have the same."""

    username = models.CharField(
        _("user name"),
        primary_key=True,
        max_length=64,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._@+-]*\Z", _("Use small letters, digits and . _ @ + -"))],
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.EDITOR)
    is_active = models.BooleanField(_("may sign in"), default=True)
    two_step_required = models.BooleanField(
        _("two-step sign-in required"),
        default=False,
        help_text=_("On: this operator must set up an authenticator app before anything else."),
    )
    session_salt = models.CharField(max_length=32, default=new_session_salt, editable=False)
    created_datetime = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[OperatorManager] = OperatorManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")

    def __str__(self) -> str:
        return self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """In small letters: `Alice` and `alice` are one person."""
        return super().normalize_username(username).strip().lower()

    def clean(self) -> None:
        self.username = self.normalize_username(self.username)

    # Roles. Django and its admin ask for permissions by name, as in `aliases.change_alias`.

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this operator in."""
        return self.is_active

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.is_owner

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        if not self.is_active:
            return False
        app, _dot, name = perm.partition(".")
        if self.is_owner:
            return True
        if app != "aliases":
            return False
        return self.role == Role.EDITOR or name.startswith(f"{READING}_")

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (self.is_owner or app_label == "aliases")

    # Sessions

    def sign_out_everywhere(self) -> None:
        """End every session of this operator. Cost: 1 call."""
        self.session_salt = new_session_salt()
        self.save(update_fields=["session_salt"])

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must match: another password or another salt ends it."""
        secrets_of_operator = f"{self.password}/{self.session_salt}"
        return salted_hmac("tacomail.operator.session", secrets_of_operator, secret, algorithm="sha256").hexdigest()
