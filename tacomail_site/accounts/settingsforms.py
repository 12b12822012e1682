"""What people type on the settings pages: about themselves, and, as owners, about other operators."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tacomail_site.accounts.forms import AccountForm, ConfirmForm
from tacomail_site.accounts.preferences import UTC, Theme, time_zones
from tacomail_site.models import Role

if TYPE_CHECKING:
    from tacomail_site.models import Operator

MOST_NAME_LETTERS = 150
MOST_USERNAME_LETTERS = 200  # more than a user name may have: then the answer says what is wrong
OPEN = "open"  # what a field says where nothing is chosen: the browser, or the device, decides
THEMES = (
    (OPEN, gettext_lazy("As the device")),
    (Theme.LIGHT, gettext_lazy("Light")),
    (Theme.DARK, gettext_lazy("Dark")),
)


def language_choices() -> list[tuple[str, str]]:
    return [(OPEN, _("As the browser asks for")), *settings.LANGUAGES]


def chosen(value: str) -> str:
    """As it is kept: empty where it is left open."""
    return "" if value == OPEN else value


def zone_choices(present: str) -> list[Any]:
    """Time zones by continent; `present` is offered in any case, so that a form that is sent back keeps it."""
    places = [name for name in time_zones() if "/" in name]
    if present != UTC and present not in places:
        places.insert(0, present)
    groups = groupby(places, key=lambda name: name.partition("/")[0])
    return [(UTC, UTC), *((region, [(name, _place(name)) for name in names]) for region, names in groups)]


def _place(name: str) -> str:
    return (name.partition("/")[2] or name).replace("_", " ")


class ProfileForm(AccountForm):
    """`shown` is what the form begins with."""

    focused = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=MOST_NAME_LETTERS,
        help_text=gettext_lazy("Shown to owners beside your user name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.TypedChoiceField(label=gettext_lazy("Language"), choices=language_choices, coerce=chosen)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), help_text=gettext_lazy("All times are shown in it."))
    theme = forms.TypedChoiceField(label=gettext_lazy("Theme"), choices=THEMES, coerce=chosen, widget=forms.RadioSelect)

    def __init__(self, *args: Any, shown: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **{"initial": shown, **options})
        zones: Any = self.fields["time_zone"]
        zones.choices = zone_choices(shown["time_zone"])


class AppearanceForm(forms.Form):
    """One button was pressed: another language, or another theme. Nothing is kept of what is not there."""

    language = forms.TypedChoiceField(required=False, choices=language_choices, coerce=chosen)
    theme = forms.TypedChoiceField(required=False, choices=THEMES, coerce=chosen)

    def pressed(self) -> dict[str, str]:
        """What was chosen, by its name."""
        return {name: self.cleaned_data[name] for name in self.fields if self.data.get(name)}


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Role.choices,
        initial=Role.EDITOR,
        widget=forms.RadioSelect,
        show_hidden_initial=True,
    )


def name_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=MOST_NAME_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        show_hidden_initial=True,
    )


class AddOperatorForm(ConfirmForm):
    field_order = ("username", "name", "role", "two_step_required", "password")

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=MOST_USERNAME_LETTERS,
        help_text=gettext_lazy("Small letters, digits and . _ @ + -"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = name_field()
    role = role_field()
    two_step_required = forms.BooleanField(
        label=gettext_lazy("Two-step sign-in is required"),
        required=False,
        help_text=gettext_lazy("Then an authenticator app must be set up before anything else."),
    )


class OperatorForm(ConfirmForm):
    """What a form was opened with goes along with it, so that only what its owner changed is written."""

    focused = False
    field_order = ("name", "role", "is_active", "two_step_required", "password")
    kept: ClassVar[tuple[str, ...]] = ("name", "role", "is_active", "two_step_required")

    name = name_field()
    role = role_field()
    is_active = forms.BooleanField(
        label=gettext_lazy("May sign in"),
        required=False,
        help_text=gettext_lazy("Off: out from the very next page on. Everything else stays."),
        show_hidden_initial=True,
    )
    two_step_required = forms.BooleanField(
        label=gettext_lazy("Two-step sign-in is required"),
        required=False,
        help_text=gettext_lazy("Then an authenticator app must be set up before anything else."),
        show_hidden_initial=True,
    )

    def __init__(self, *args: Any, operator: Operator, **options: Any) -> None:
        initial = {name: getattr(operator, name) for name in self.kept}
        super().__init__(*args, **{"initial": initial, **options})

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.kept}
