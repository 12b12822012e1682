"""The forms about destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from aliases.records.addresses import ADDRESS_OCTETS
from aliases.ui.domains.forms import DescriptionForm
from aliases.ui.forms import PLAIN, Form

if TYPE_CHECKING:
    from collections.abc import Iterable

KNOWN = "known-destinations"  # the id of the suggestions
HELP = gettext_lazy("A Maildir such as alice@tacomail, S3 for the bucket, or a mailbox elsewhere.")


def _field(**options: Any) -> forms.CharField:
    return forms.CharField(max_length=ADDRESS_OCTETS, help_text=HELP, widget=forms.TextInput(attrs=PLAIN), **options)


class DestinationForm(DescriptionForm):
    """A destination to register."""

    field_order = ("destination", "description")
    destination = _field(label=gettext_lazy("Destination"))


class ElsewhereForm(Form):
    """Where everything that goes to one destination shall go instead. `known` are suggested."""

    destination = _field(label=gettext_lazy("New destination"))

    def __init__(self, known: Iterable[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = list(known)
        self.fields["destination"].widget.attrs["list"] = KNOWN
