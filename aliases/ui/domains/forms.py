"""The forms about domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.records.addresses import DOMAIN_OCTETS, stored_form
from aliases.ui.forms import PLAIN, Form

if TYPE_CHECKING:
    from django.forms import BoundField

    from aliases.models import Domain

MOST_LETTERS = 1_000  # of a description: what `aliases.services.texts` takes


class DescriptionForm(Form):
    """What an operator writes down about a domain or a destination, for their own eyes."""

    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("For your eyes only."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DomainForm(DescriptionForm):
    """A domain to serve."""

    field_order = ("domain", "description")
    domain = forms.CharField(
        label=gettext_lazy("Domain"),
        max_length=DOMAIN_OCTETS,
        help_text=gettext_lazy("As in example.com: a domain of yours, or a part of one such as mail.example.com."),
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url", "placeholder": "example.com"}),
    )


class RemoveForm(Form):
    """Asks for the domain's name, typed by hand, where aliases go along with it: `aliases` of them."""

    typed = forms.CharField(max_length=DOMAIN_OCTETS, widget=forms.TextInput(attrs=PLAIN))

    def __init__(self, domain: Domain, aliases: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.domain, self.aliases = domain, aliases
        self.fields["typed"].label = _("Type %(domain)s to go on") % {"domain": domain}
        if not aliases:
            del self.fields["typed"]

    @property
    def typed_field(self) -> BoundField | None:
        return self["typed"] if "typed" in self.fields else None

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"])
        if stored_form(typed) != self.domain.domain:
            raise forms.ValidationError(_("That is another name: type %(domain)s.") % {"domain": self.domain})
        return typed
