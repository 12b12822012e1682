"""What people type on the pages of the accounts."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aliases.ui.forms import Form
from tacomail_site.accounts.waiting import shown_next

if TYPE_CHECKING:
    from tacomail_site.accounts.exceptions import TooManyAttempts
    from tacomail_site.accounts.throttling import Attempt

CODE_DIGITS = 6
MOST_LETTERS = 1_000  # of a password: far more than anybody types


class OneTimeInput(forms.TextInput):
    """Comes back empty after a wrong code: the next one is another."""

    def format_value(self, value: Any) -> str | None:
        return None


class AccountForm(Form):
    """`wait` is in seconds, where it was refused unread."""

    focused: ClassVar[bool] = True  # whether the first field has the focus: where there is nothing to read first

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wait = 0
        if self.focused:
            self.focus(next(iter(self.fields), None))

    def focus(self, name: str | None) -> None:
        for other, field in self.fields.items():
            if other == name:
                field.widget.attrs["autofocus"] = True
            else:
                field.widget.attrs.pop("autofocus", None)

    def refuse_unread(self, error: TooManyAttempts, field: str) -> None:
        """There were too many attempts already."""
        self.wait, self.status = error.seconds, HTTPStatus.TOO_MANY_REQUESTS
        self.refuse_field(error.message, field)

    def refuse_attempt(self, what: Any, attempt: Attempt, field: str) -> None:
        """It was wrong; say how long the next attempt has to wait, where it has to."""
        self.refuse_field(f"{what} {shown_next(attempt.wait)}".strip(), field)

    def refuse_field(self, text: Any, field: str) -> None:
        self.add_error(field, text)
        self.focus(field)


def password_field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=MOST_LETTERS,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(AccountForm):
    """What is wrong is said of the form as a whole: not which of the two it was."""

    username = forms.CharField(
        label=_("User name"),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
        ),
    )
    password = password_field(_("Password"), "current-password")
    stay = forms.BooleanField(label=_("Stay signed in for two weeks"), required=False)

    def refuse_field(self, text: Any, field: str) -> None:
        self.add_error(None, text)
        self.focus(field)


class CodeForm(AccountForm):
    """A code of an authenticator app."""

    wrong = _("This code is not right, or was used already: wait for the next one.")
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits, from your authenticator app."),
        widget=OneTimeInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "code"}
        ),
    )

    def clean_code(self) -> str:
        """Apps show it in two groups; people type it so."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if not (len(code) == CODE_DIGITS and code.isascii() and code.isdecimal()):
            raise ValidationError(_("A code has six digits."))
        return code


class RecoveryForm(AccountForm):
    wrong = _("This is none of your recovery codes, or it was used already.")
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=100,
        help_text=_("One of those that you saved when you set up two-step sign-in. It works once."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "class": "code"}
        ),
    )


class ConfirmForm(AccountForm):
    """Asks for the password again, unless it was typed a moment ago."""

    password = password_field(_("Your password"), "current-password", _("To be sure that it is you."))

    def __init__(self, *args: Any, ask: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not ask:
            del self.fields["password"]

    def confirmed(self) -> None:
        """It was right: if something else is wrong, nobody has to type it once more."""
        del self.fields["password"]


class SetUpForm(ConfirmForm, CodeForm):
    field_order = ("code", "password")


class PasswordForm(AccountForm):
    """Another password, twice; and the old one."""

    password = password_field(_("Old password"), "current-password")
    new_password = password_field(_("New password"), "new-password", password_validators_help_text_html)
    repeated = password_field(_("New password again"), "new-password")

    def clean_repeated(self) -> str:
        repeated = str(self.cleaned_data["repeated"])
        if "new_password" in self.cleaned_data and repeated != self.cleaned_data["new_password"]:
            raise ValidationError(_("This is not what you typed above."))
        return repeated
