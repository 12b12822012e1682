"""The forms of the alias page. Each sends along what it had shown, so that nothing of others is written over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.models import Alias
from aliases.records.addresses import ADDRESS_OCTETS, alias_key, shown_form
from aliases.records.exceptions import InvalidAddress
from aliases.records.keys import Key
from aliases.ui.alias.writing import plain_lines
from aliases.ui.forms import PLAIN, Form
from aliases.wording.changes import shown as in_words
from aliases.wording.changes import who_changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.services.choices import Choices

MOST_LETTERS = 320  # of what somebody types for a name: the records say more about one that is too long


def most_letters(field: str) -> int:
    described: Any = Alias._meta.get_field(field)
    return int(described.max_length)


class PartForm(Form):
    """`name` is that of its part of the page, and the beginning of its ids."""

    name: ClassVar[str]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id=f"{self.name}-%s", **options)

    def focus(self) -> None:
        """Where a part of a page is swapped in, the first wrong field is where to go on."""
        wrong = next((name for name in self.errors if name in self.fields), None)
        if wrong is not None:
            self.fields[wrong].widget.attrs["autofocus"] = True


class ShownForm(PartForm):
    """A form that knows what it had shown: `shown`, in the stored form of what `attribute` holds."""

    attribute: ClassVar[str]

    shown = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, alias: Alias, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.alias = alias
        self.initial["shown"] = self.now(alias)

    def now(self, alias: Alias) -> str:
        return str(getattr(alias, self.attribute))

    def clean_shown(self) -> str:
        return plain_lines(self.cleaned_data["shown"])

    def meanwhile(self, alias: Alias, field: str) -> None:
        """Tell that somebody else changed it; sent again, the form puts its own in that one's place. Cost: 1 call."""
        words = {
            "who": who_changed("alias", alias.pk, (self.attribute,)) or _("Somebody else"),
            "now": in_words(self.now(alias)),
        }
        data: Any = self.data
        self.data = data = data.copy()
        data["shown"] = self.now(alias)
        told = _(
            "%(who)s changed this while the form was open: it is now “%(now)s”. Yours is still here: save again to "
            "put it in its place."
        )
        self.add_error(field, told % words)


class DescriptionForm(ShownForm):
    attribute = name = "description"

    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=most_letters("description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For your eyes only, and searched by the list."),
    )

    def __init__(self, alias: Alias, *args: Any, **options: Any) -> None:
        super().__init__(alias, *args, **options)
        self.initial["description"] = alias.description

    def clean_description(self) -> str:
        return plain_lines(self.cleaned_data["description"])


class AddressForm(ShownForm):
    attribute = "full_address"
    name = "address"
    error_fields: ClassVar[Mapping[str, str]] = {"alias": "local_part"}

    local_part = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=gettext_lazy("What stands before the @."),
    )
    domain = forms.ChoiceField(label=gettext_lazy("Domain"))

    def __init__(self, alias: Alias, choices: Choices, *args: Any, **options: Any) -> None:
        super().__init__(alias, *args, **options)
        self.initial.update(local_part=alias.alias_address, domain=alias.sub_domain)
        domain: Any = self.fields["domain"]
        domain.choices = list(domains_to_choose(alias, choices).items())

    def now(self, alias: Alias) -> str:
        return alias.address

    def clean(self) -> dict[str, Any]:
        """`key` is the wanted address; an alias of an older version that stays what it is keeps its spelling."""
        cleaned = super().clean() or {}
        if "local_part" not in cleaned or "domain" not in cleaned:
            return cleaned
        given = Key(cleaned["domain"], cleaned["local_part"])
        try:
            cleaned["key"] = given if given == self.alias.key else alias_key(given.alias_address, given.sub_domain)
        except InvalidAddress as error:
            self.refuse(error)
        return cleaned


class DestinationForm(PartForm):
    name = "destinations"

    destination = forms.CharField(
        label=gettext_lazy("Another destination"),
        max_length=ADDRESS_OCTETS,
        widget=forms.TextInput(attrs={**PLAIN, "list": "known-destinations"}),
        help_text=gettext_lazy("A Maildir such as alice@tacomail, S3 for the bucket, or a mailbox elsewhere."),
    )


def domains_to_choose(alias: Alias, choices: Choices) -> dict[str, str]:
    """The served domains as people write them, and that of the alias, even where it is not served."""
    served = {name: shown_form(name) for name in choices.domains}
    if alias.sub_domain in served:
        return served
    return {alias.sub_domain: _("%(domain)s (not served)") % {"domain": shown_form(alias.sub_domain)}, **served}
