"""The form for a new API token, and what its scopes are called."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aliases.api.callers import Scope
from aliases.records.addresses import shown_form
from aliases.services.suggestions import new_token, sound_token
from aliases.ui.forms import PLAIN
from tacomail_site.accounts.forms import ConfirmForm
from tacomail_site.accounts.tokens import NAME_LETTERS
from tacomail_site.accounts.tokenuse import ROLE_SCOPES
from tacomail_site.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from aliases.services.choices import Choices
    from tacomail_site.models import Operator

SCOPE_NAMES: dict[Scope, _StrPromise] = {
    Scope.READ: _("read"),
    Scope.CREATE: _("create"),
    Scope.WRITE: _("write"),
    Scope.ADMIN: _("administer"),
}
SCOPE_SENTENCES: dict[Scope, _StrPromise] = {
    Scope.READ: _("Read: see aliases, domains, destinations, activity and held mail."),
    Scope.CREATE: _("Create: make aliases, and nothing else. Enough for a password manager."),
    Scope.WRITE: _("Write: read, create, change and delete aliases, and act on held mail."),
    Scope.ADMIN: _("Administer: all of that, and change domains and destinations."),
}
NEVER = "never"
EXPIRIES = (
    ("30", _("After 30 days")),
    ("90", _("After 90 days")),
    ("365", _("After one year")),
    (NEVER, _("Never, until it is revoked")),
)


def scopes_of(operator: Operator) -> frozenset[Scope]:
    """What a token of this operator may be good for."""
    return ROLE_SCOPES[Role(operator.role)] if operator.role in Role.values else frozenset()


def scope_words(names: Collection[str]) -> list[str]:
    """The scopes of a token as people read them; a stored one that is none is shown as it is."""
    known: dict[str, _StrPromise] = {str(scope): name for scope, name in SCOPE_NAMES.items()}
    return [str(known.get(name, name)) for name in names]


class TokenForm(ConfirmForm):
    """`scopes` are those to choose from, `fixed` those that are not asked for. `mark` tells this form from others."""

    field_order = ("name", "scopes", "expires", "domain", "destination", "password")

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LETTERS,
        help_text=_("What it is for, so that you know it when you want to revoke it."),
        widget=forms.TextInput(attrs={**PLAIN, "data-1p-ignore": "", "data-lpignore": "true", "data-bwignore": ""}),
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("What it may do"),
        coerce=Scope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the token may do.")},
    )
    expires = forms.ChoiceField(label=_("When it expires"), choices=EXPIRIES, initial="365", widget=forms.RadioSelect)
    domain = forms.ChoiceField(label=_("Domain of new aliases"), help_text=_("Where the program names none."))
    destination = forms.ChoiceField(label=_("Destination of new aliases"), help_text=_("Where the program names none."))

    def __init__(
        self,
        data: QueryDict | None,
        choices: Choices,
        scopes: Collection[Scope],
        *,
        fixed: Collection[Scope] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.mark = sound_token("" if data is None else data.get("once", ""))
        self.fixed = tuple(fixed)
        if fixed:
            del self.fields["scopes"]
        else:
            self._offer("scopes", [(scope, SCOPE_SENTENCES[scope]) for scope in Scope if scope in scopes])
        self._offer("domain", [(name, shown_form(name)) for name in choices.domains])
        self._offer("destination", [(text, text) for text in choices.known_destinations], choices.likeliest)

    def _offer(self, name: str, offered: list[tuple[str, Any]], initial: str | None = None) -> None:
        """What to choose from; where that is nothing, nobody is asked."""
        field: Any = self.fields[name]
        field.choices = offered
        if initial:
            field.initial = initial
        if not offered and name != "scopes":
            del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """Of a valid form: what `make_token` takes."""
        cleaned = self.cleaned_data
        expires = cleaned["expires"]
        return {
            "name": cleaned["name"],
            "scopes": self.fixed or tuple(cleaned["scopes"]),
            "expires": None if expires == NEVER else timezone.now() + timedelta(days=int(expires)),
            "domain": cleaned.get("domain", ""),
            "destination": cleaned.get("destination", ""),
        }

    def refuse(self, error: Exception) -> None:
        """As everywhere. The form may be sent again: it was not the one that made a token."""
        self.mark = new_token()
        super().refuse(error)

    def refuse_repeated(self) -> None:
        """It was sent before; sent once more after this, it makes another token."""
        self.mark = new_token()
        self.add_error(
            None,
            _(
                "This form was sent before. A token is shown only once: if you did not copy it, revoke it in the list. "
                "Sent again, this form makes another one."
            ),
        )
