"""Who may sign in."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from aliases.models import SavesChanges

if TYPE_CHECKING:
    from collections.abc import Iterable

READING = "view"  # the only kind of permission that a viewer has
USERNAME_LETTERS = 64
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]*")


class Role(models.TextChoices):
    OWNER = "owner", _("Owner: everything, the operators too")
    EDITOR = "editor", _("Editor: aliases, domains, destinations and mail")
    VIEWER = "viewer", _("Viewer: sees everything but the operators, changes nothing")


def is_username(text: str) -> bool:
    """Whether an operator can have this user name."""
    return len(text) <= USERNAME_LETTERS and USERNAME.fullmatch(text) is not None


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
        """By user name in any case. Raises DoesNotExist. Cost: 1 call, none for text that is no user name."""
        name = self.model.normalize_username(username or "")
        if not is_username(name):  # it may be empty or too long for a key, and nobody can have it
            raise self.model.DoesNotExist
        return self.get(username=name)


class Operator(SavesChanges, AbstractBaseUser):
    """A person who signs in. The user name is the primary key, so that two can never have the same.

    Saving writes only what changed: an old session salt, written back, would bring ended sessions to life again.
    """

    username = models.CharField(
        _("user name"),
        primary_key=True,
        max_length=USERNAME_LETTERS,
        validators=[RegexValidator(rf"^{USERNAME.pattern}\Z", _("Use small letters, digits and . _ @ + -"))],
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.EDITOR)
    is_active = models.BooleanField(_("may sign in"), default=True)
    two_step_required = models.BooleanField(
        _("two-step sign-in required"),
        default=False,
        help_text=_("On: this operator must set up an authenticator app before anything else."),
    )
    # How the pages look to this operator; `accounts/preferences.py` reads and writes them. Empty: as the browser says.
    language = models.CharField(_("language"), max_length=16, blank=True, default="", editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="", editable=False)
    theme = models.CharField(_("theme"), max_length=16, blank=True, default="", editable=False)
    session_salt = models.CharField(max_length=32, default=new_session_salt, editable=False)
    created_datetime = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    otp_device: Any  # django-otp's: what the session passed the second step with, None for nothing

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
        """End every session of this operator. Cost: 2 calls."""
        self.session_salt = new_session_salt()
        self.save(update_fields=["session_salt"])

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must match: another password or another salt ends it."""
        secrets_of_operator = f"{self.password}/{self.session_salt}"
        return salted_hmac("tacomail.operator.session", secrets_of_operator, secret, algorithm="sha256").hexdigest()


class RecoveryCode(models.Model):
    """One code that stands in for the authenticator once. Only its hash is kept: the code has 79 random bits."""

    digest = models.CharField(primary_key=True, max_length=64, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, editable=False)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")


class UsedCode(models.Model):
    """One code of an authenticator that was accepted, kept for as long as it could be accepted again.

    Only the first of two requests with the same code can add it.
    """

    key = models.CharField(primary_key=True, max_length=200, editable=False)
    expires = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("used code")
        verbose_name_plural = _("used codes")


class ApiToken(models.Model):
    """One token of an operator, for a program that calls the API as them. Only its hash is kept: it has 238 bits.

    The last four columns are written by each call (`accounts/tokenuse.py`), past Django.
    """

    digest = models.CharField(primary_key=True, max_length=64, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, editable=False)
    name = models.CharField(_("name"), max_length=100)
    scopes = models.CharField(_("scopes"), max_length=100)  # as in aliases.api.callers, with blanks between them
    domain = models.CharField(_("domain"), max_length=253, blank=True, default="")  # for new aliases that name none
    destination = models.CharField(_("destination"), max_length=320, blank=True, default="")
    ending = models.CharField(max_length=4, editable=False)  # its last letters, to tell it from others
    created_datetime = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_datetime = models.DateTimeField(_("expires"), null=True)
    last_used_datetime = models.DateTimeField(_("last used"), null=True, editable=False)
    last_network = models.CharField(max_length=64, blank=True, default="", editable=False)
    minute = models.BigIntegerField(default=0, editable=False)  # Unix time in minutes, in which `calls` are counted
    calls = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def scope_list(self) -> list[str]:
        return self.scopes.split()

    @property
    def is_expired(self) -> bool:
        return self.expires_datetime is not None and self.expires_datetime <= timezone.now()
