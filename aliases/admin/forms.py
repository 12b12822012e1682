"""The forms of the admin. What is saved is only what the operator changed, compared with what the form had shown.

Each field also sends what it showed when the form was opened. So a field that another operator changed meanwhile is
not written over: where this one left it alone it stays, and where both changed it the second one is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.admin.rows import KNOWN_DESTINATIONS, DestinationRowsField
from aliases.models import Alias, Destination, Domain, State
from aliases.records.addresses import alias_key, domain_name, shown_form
from aliases.records.destinations import local_domains, parse_destination
from aliases.records.exceptions import InvalidAddress, RecordError
from aliases.records.store import Change
from aliases.services.aliases import STATE_CHANGES
from aliases.wording.errors import sentence
from aliases.wording.states import STATE_SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.services.choices import Choices

    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

WIDE = {"class": "vTextField"}


class RecordForm(ModelForm):
    """A form whose errors come from the records. The services write; the instance stays as it was read.

    `refusal` is what a service answered to the same input a moment ago; `changed_by` tells who changed a field last.
    `field_names` maps the records' names of inputs to those of the form, `attributes` a field to what the history calls
    it.
    """

    refusal: ClassVar[RecordError | None] = None
    changed_by: ClassVar[Callable[[Any, tuple[str, ...]], str] | None] = None
    field_names: ClassVar[dict[str, str]] = {}
    attributes: ClassVar[dict[str, tuple[str, ...]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def _post_clean(self) -> None:
        """Django would put the input into the instance here, and ask the table whether it is unique."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            self.check_input(cleaned)
        except RecordError as error:
            self.refuse(error)
        if self.is_change:
            self._check_meanwhile()
        if self.refusal is not None:
            self.refuse(self.refusal)
        return cleaned

    @property
    def is_change(self) -> bool:
        """Whether the object is there already."""
        return not self.instance._state.adding

    def check_input(self, cleaned: dict[str, Any]) -> None:
        """Bring the input into its stored form. Raises RecordError, whose `field` says what is wrong."""

    def refuse(self, error: RecordError) -> None:
        """Show an error of the records at the field that it is about."""
        self.add_error(self.field_of(error), sentence(error))

    def field_of(self, error: RecordError) -> str | None:
        name = self.field_names.get(error.field or "", error.field)
        return name if name in self.fields else None

    def _check_meanwhile(self) -> None:
        """Tell the operator about a field that somebody else changed too; a second "Save" then writes it over."""
        for name in self.changed_data:
            field = self.fields[name]
            hidden, place = field.hidden_widget(), self.add_initial_prefix(name)
            shown, now = (
                hidden.value_from_datadict(self.data, self.files, place),
                self.get_initial_for_field(field, name),
            )
            kept = name not in self.cleaned_data or not self._differs(name, now, self.cleaned_data[name])
            if shown is None or kept or not self._differs(name, shown, now):
                continue
            data: Any = self.data
            self.data = data = data.copy()
            data[place] = hidden.format_value(now) or ""
            self.add_error(name, self._meanwhile(name, now))

    def _differs(self, name: str, one: Any, other: Any) -> bool:
        field = self.fields[name]
        return field.has_changed(_plain(field, one), _plain(field, other))

    def _meanwhile(self, name: str, now: Any) -> str:
        who, attributes = type(self).changed_by, self.attributes.get(name, (name,))
        words = {
            "who": who(self.instance, attributes) if who else _("Somebody else"),
            "now": self.shown_value(name, now),
        }
        return (
            _(
                "%(who)s changed this while the form was open: it is now “%(now)s”. Yours is still here: save again to "
                "put it in its place."
            )
            % words
        )

    def shown_value(self, name: str, value: Any) -> str:
        return str(value)


def _plain(field: forms.Field, value: Any) -> Any:
    """A value as `has_changed` compares it. Browsers send each line end as two characters."""
    found = field.to_python(value)
    return found.replace("\r\n", "\n").replace("\r", "\n") if isinstance(found, str) else found


class PlainText(forms.CharField):
    """Text of several lines, each ending as the table keeps it."""

    widget = forms.Textarea(attrs={"class": "vLargeTextField", "rows": 2})

    def clean(self, value: Any) -> str:
        return str(_plain(self, super().clean(value)))


def description_field() -> PlainText:
    return PlainText(
        label=gettext_lazy("Description"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("For your eyes only, and searched by the list."),
    )


class AliasForm(RecordForm):
    choices: ClassVar[Choices | None] = None
    field_names: ClassVar[dict[str, str]] = {"alias": "alias_address", "domain": "sub_domain"}
    attributes: ClassVar[dict[str, tuple[str, ...]]] = {
        "alias_address": ("full_address",),
        "sub_domain": ("full_address",),
        "state": ("active_alias", "ignore_alias"),
    }

    alias_address = forms.CharField(
        label=gettext_lazy("Alias"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={**WIDE, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    sub_domain = forms.ChoiceField(label=gettext_lazy("Domain"))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[(str(state), words) for state, words in STATE_SENTENCES.items()],
        initial=str(State.ACTIVE),
        widget=forms.RadioSelect(attrs={"class": "state-choice"}),
    )
    destination = forms.CharField(
        label=gettext_lazy("Destination"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={**WIDE, "list": KNOWN_DESTINATIONS, "autocomplete": "off"}),
        help_text=gettext_lazy("Where mail goes: a local user such as alice@tacomail, S3, or a mailbox elsewhere."),
    )
    destinations = DestinationRowsField(
        label=gettext_lazy("Several destinations"),
        required=False,
        help_text=gettext_lazy(
            "As soon as one is listed here, these replace the single destination. Empty a row to remove it; "
            "“Save and continue editing” adds more empty rows."
        ),
    )
    description = description_field()

    class Meta:
        model = Alias
        fields = ("alias_address", "sub_domain", "destination", "destinations", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.choices
        self._set_texts()
        if known is None:  # shown to somebody who may not change it
            return
        widget: Any = self.fields["destinations"].widget
        widget.known = known.known_destinations
        domain: Any = self.fields["sub_domain"]
        domain.choices = self._domains(known)
        if not self.is_change:
            self.initial.setdefault("destination", known.destinations[0] if len(known.destinations) == 1 else "")
            return
        several = self.instance.destination_list if isinstance(self.instance.destinations, dict) else []
        self.initial["destinations"] = several if self.instance.destinations else []
        self.initial["state"] = str(self.instance.state)

    def _set_texts(self) -> None:
        self.fields["alias_address"].help_text = (
            _("What stands before the @. Another name keeps the counters, the log and the history.")
            if self.is_change
            else _("What stands before the @. Leave it empty, and a name is generated, such as quiet.otter42.")
        )
        self.fields["sub_domain"].help_text = _("One of the domains that are served.")

    def _domains(self, known: Choices) -> list[tuple[str, str]]:
        served = [(name, shown_form(name)) for name in known.domains]
        now = self.instance.sub_domain
        if self.is_change and now not in known.domains:
            served.insert(0, (now, _("%(domain)s (not served)") % {"domain": shown_form(now)}))
        return served

    def check_input(self, cleaned: dict[str, Any]) -> None:
        name, domain = cleaned.get("alias_address", ""), cleaned.get("sub_domain")
        if self.is_change and not name and "alias_address" in cleaned:
            raise InvalidAddress(_("An alias needs a name."), code="empty", field="alias")
        if cleaned.get("destination"):
            cleaned["destination"] = parse_destination(cleaned["destination"], local_domains()).text
        elif self.is_change and "destination" in self.changed_data and cleaned.get("destinations"):
            text = _("It counts again when the rows below are gone, so it can be replaced, but not emptied.")
            raise InvalidAddress(text, code="empty", field="destination")
        elif not cleaned.get("destinations") and "destinations" not in self.errors:
            raise InvalidAddress(_("Say where mail goes, here or below."), code="empty", field="destination")
        if name and domain:
            cleaned["alias_address"] = alias_key(name, domain).alias_address

    def field_of(self, error: RecordError) -> str | None:
        """An error about a destination belongs to the rows where it names one of them."""
        rows = self.cleaned_data.get("destinations") or {}
        if error.field == "destination" and any(text in error.message for text in rows):
            return "destinations"
        return super().field_of(error)

    def shown_value(self, name: str, value: Any) -> str:
        if name == "destinations":
            return ", ".join(text if on else _("%(text)s (off)") % {"text": text} for text, on in value) or _("nothing")
        return str(STATE_SENTENCES[State(value)]) if name == "state" else str(value)

    # What the services are told

    def edits(self) -> dict[str, Any]:
        """The arguments of `edit_alias`: what the operator changed, and nothing else."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        found: dict[str, Any] = {}
        if "alias_address" in changed:
            found["local_part"] = changed["alias_address"]
        if "sub_domain" in changed:
            found["domain"] = changed["sub_domain"]
        state = STATE_CHANGES[State(changed["state"])] if "state" in changed else Change()
        change = Change(
            active=state.active,
            ignore=state.ignore,
            **{name: changed[name] for name in ("destination", "destinations", "description") if name in changed},
        )
        return found if change == Change() else {**found, "change": change}

    def creation(self) -> dict[str, Any]:
        """The arguments of `create_alias`."""
        cleaned = self.cleaned_data
        return {
            "domain": cleaned["sub_domain"],
            "local_part": cleaned["alias_address"],
            "destination": cleaned["destination"],
            "destinations": cleaned["destinations"],
            "description": cleaned["description"],
            "state": State(cleaned["state"]),
        }


class DomainForm(RecordForm):
    description = description_field()

    class Meta:
        model = Domain
        fields = ("domain", "description", "active")

    def check_input(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("domain"):
            cleaned["domain"] = domain_name(cleaned["domain"])


class DestinationForm(RecordForm):
    description = description_field()

    class Meta:
        model = Destination
        fields = ("destination", "description", "active")

    def check_input(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("destination"):
            cleaned["destination"] = parse_destination(cleaned["destination"], local_domains()).text
