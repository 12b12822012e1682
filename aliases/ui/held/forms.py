"""The form that asks where a waiting message shall go instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from aliases.records.addresses import ADDRESS_OCTETS
from aliases.ui.forms import Form

if TYPE_CHECKING:
    from aliases.services.choices import Choices

KNOWN = "known-destinations"


class SendForm(Form):
    """`known` are the destinations that are on, to choose from; another one can be typed."""

    def __init__(self, choices: Choices, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = choices.destinations
        self.fields["destination"] = forms.CharField(
            label=_("Destination"),
            max_length=ADDRESS_OCTETS,
            help_text=_("A local user such as alice@tacomail, or S3."),
            widget=forms.TextInput(
                attrs={"list": KNOWN, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
