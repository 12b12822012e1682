"""The form for a new alias, whole and quick. What it makes follows from its fields (`aliases.services.suggestions`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.records.addresses import alias_key, full_address, shown_form, stored_form
from aliases.records.exceptions import AlreadyExists, NotFound
from aliases.services.aliases import find_alias
from aliases.services.suggestions import Style, Suggestions, Wish, new_token, site_of, sound_token
from aliases.ui.create.memory import Chosen, chosen_last, known, known_style
from aliases.ui.forms import Form
from aliases.ui.pages import can_change
from aliases.wording.errors import message

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict
    from django.utils.functional import _StrPromise

    from aliases.services.choices import Choices

STYLE_NAMES: dict[Style, _StrPromise] = {
    Style.WORDS: gettext_lazy("Two words"),
    Style.CHARACTERS: gettext_lazy("Characters"),
    Style.UUID: gettext_lazy("UUID"),
    Style.SITE: gettext_lazy("Site + 4 characters"),
}
NAME_LETTERS = 320  # of what a link or a paste may put into the name field: a whole address fits
DESCRIPTION_LETTERS = 1_000
PASSWORD_MANAGERS = {
    "data-1p-ignore": "",
    "data-lpignore": "true",
    "data-bwignore": "",
}  # this is no user name of yours


class NewAliasForm(Form):
    """Bound to a POST, it is what was sent; else what `initial` says. `choices` are the domains and destinations."""

    error_fields: ClassVar = {"alias": "name", "domain": "name", "destination": "destinations"}

    once = forms.CharField(required=False, widget=forms.HiddenInput)
    site = forms.CharField(required=False, widget=forms.HiddenInput)
    style = forms.CharField(required=False)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email",
             "maxlength": NAME_LETTERS}
        ),
        help_text=gettext_lazy(
            "A name that ends in a dot, such as “shop.”, gets four characters that nobody guesses."
        ),
    )  # fmt: skip
    domain = forms.CharField(label=gettext_lazy("Domain"), required=False)
    destinations = forms.MultipleChoiceField(
        label=gettext_lazy("Where its mail goes"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one destination."),
            "invalid_choice": gettext_lazy("%(value)s is not registered any more: choose another destination."),
        },
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "maxlength": DESCRIPTION_LETTERS}),
    )

    def __init__(self, choices: Choices, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(None if data is None else data.copy(), **options)
        self.choices = choices
        for name in ("once", "site", "style", "domain"):
            self.fields[name].validators = []  # what is wrong with these is told elsewhere, or does not matter
        many: Any = self.fields["destinations"]
        many.choices = [(text, self._destination_label(text)) for text in choices.known_destinations]
        self.suggestions = Suggestions(sound_token(self._value("once")))
        self.fields["name"].widget.attrs["placeholder"] = self.suggested

    def _destination_label(self, text: str) -> str:
        if text in self.choices.destinations:
            return text
        return _("%(destination)s (paused: its mail is held)") % {"destination": text}

    def _value(self, name: str) -> str:
        return str(self[name].value() or "")

    # For the templates

    @property
    def token(self) -> str:
        return self.suggestions.token

    @property
    def chosen_style(self) -> Style:
        return known_style(self._value("style"))

    @property
    def suggested(self) -> str:
        return self.suggestions.name(self.chosen_style)

    @property
    def tail(self) -> str:
        return self.suggestions.tail()

    @property
    def chosen_domain(self) -> str:
        return self._value("domain")

    @property
    def domains(self) -> list[tuple[str, str]]:
        """Each as stored and as shown; one that was sent and is not served stays among them, so that it is seen."""
        names = [*self.choices.domains]
        if self.is_bound and self.chosen_domain and self.chosen_domain not in names:
            names.append(self.chosen_domain)
        return [(name, shown_form(name)) for name in names]

    @property
    def styles(self) -> list[tuple[Style, _StrPromise, bool]]:
        return [(style, name, style is self.chosen_style) for style, name in STYLE_NAMES.items()]

    @property
    def chosen_destinations(self) -> list[tuple[str, str]]:
        """Where mail goes as the form stands: each destination, and what to call it."""
        wanted = self["destinations"].value() or ()
        return [(text, self._destination_label(text)) for text in wanted]

    @property
    def places(self) -> str:
        """The same in one line."""
        return ", ".join(shown for _, shown in self.chosen_destinations)

    @property
    def other_errors(self) -> list[str]:
        """Of the fields that the quick form does not show."""
        return [str(text) for name, texts in self.errors.items() if name != "name" for text in texts]

    # What it makes

    def wish(self) -> Wish:
        """Of a valid form. A whole address in the name field has its own domain, if that is served."""
        name, domain = self.cleaned_data["name"], self.cleaned_data["domain"]
        local_part, at, typed_domain = name.rpartition("@")
        if at and stored_form(typed_domain) in self.choices.domains:
            name, domain = local_part, stored_form(typed_domain)
        return Wish(
            self.token,
            name,
            domain,
            self.chosen_style,
            tuple(self.cleaned_data["destinations"]),
            self.cleaned_data["description"],
        )

    def chosen(self) -> Chosen:
        """What to remember of a valid form."""
        wish = self.wish()
        return Chosen(stored_form(wish.domain), wish.style, wish.destinations)

    def refuse(self, error: Exception) -> None:
        """As everywhere, with a link to whose address is taken, and a new token where this one can lead to nothing.

        Cost: 1 call for a taken address.
        """
        match error:
            case AlreadyExists() if len(list(self.suggestions.names(self.wish().name, self.chosen_style))) > 1:
                self._start_again(_("Every name that was suggested is taken. Here is another one."))
            case AlreadyExists():
                self.add_error("name", self._taken(error))
            case NotFound(code="made_before"):
                self.suggestions = Suggestions(new_token())
                super().refuse(error)
            case _:
                super().refuse(error)

    def _start_again(self, why: str) -> None:
        start = self.suggestions.start(self.wish().name)
        self.suggestions = Suggestions(new_token())
        data: Any = self.data
        data["name"] = start or self.suggested
        self.add_error("name", why)

    def _taken(self, error: AlreadyExists) -> str:
        wish = self.wish()
        try:
            alias = find_alias(full_address(alias_key(wish.name, wish.domain)))
        except NotFound:
            return message(error)
        link = reverse("ui:alias", args=[alias.pk])
        return format_html('{} <a href="{}">{}</a>', message(error), link, _("Open it"))


class QuickForm(NewAliasForm):
    """One field, and beside it what was chosen last; on a page that has other forms, too."""

    def __init__(self, choices: Choices, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(choices, data, auto_id="quick_%s", **options)
        self.fields["name"].help_text = ""


def opened_form(request: HttpRequest, choices: Choices, asked: QueryDict) -> NewAliasForm:
    """The form as it opens. What `asked` names goes before what was chosen last; what makes no sense is left out.

    `site` is a host or the address of a page: it gives the name, and the description where none is named.
    """
    last = chosen_last(request, choices)
    token = new_token()
    site = site_of(asked.get("site", ""))
    style = Style.SITE if site.start else known_style(asked.get("style", last.style))
    name = _clean(asked.get("name", ""), NAME_LETTERS)
    return NewAliasForm(
        choices,
        initial={
            "once": token,
            "site": site.host,
            "style": style,
            "name": name or suggested_name(token, style, site.start),
            "domain": _first(stored_form(asked.get("domain", "")), last.domain, choices=choices),
            "destinations": known(asked.getlist("destination"), choices) or last.destinations or _likeliest(choices),
            "description": _clean(asked.get("description", ""), DESCRIPTION_LETTERS) or site.host,
        },
    )


def suggested_name(token: str, style: Style, start: str) -> str:
    """What the name field holds at first. In the style of sites it waits for a site where none is known."""
    suggestions = Suggestions(token)
    if style is Style.SITE:
        return f"{start}{suggestions.tail()}" if start else ""
    return suggestions.name(style)


def shuffled_form(choices: Choices, posted: QueryDict) -> NewAliasForm:
    """The same form with another suggestion, in the style that is chosen now."""
    token = new_token()
    style = known_style(posted.get("style"))
    typed = Suggestions(sound_token(posted.get("once", ""))).start(posted.get("name", ""))
    start = typed or site_of(posted.get("site", "")).start
    return NewAliasForm(
        choices,
        initial={
            **{name: posted.get(name, "") for name in ("site", "domain", "description")},
            "site": typed.removesuffix(".") or posted.get("site", ""),
            "once": token,
            "style": style,
            "name": suggested_name(token, style, start),
            "destinations": posted.getlist("destinations"),
        },
    )


def quick_form(request: HttpRequest, choices: Choices, last: Chosen | None = None) -> QuickForm | None:
    """The form of one field, for the top of a list; None for viewers, and where there is nothing to choose from.

    `last` is what was chosen just now, by default what the browser remembers.
    """
    if not can_change(request) or not choices.domains or not choices.known_destinations:
        return None
    last = last or chosen_last(request, choices)
    return QuickForm(
        choices,
        initial={
            "once": new_token(),
            "style": last.style,
            "domain": _first(last.domain, choices=choices),
            "destinations": last.destinations or _likeliest(choices),
        },
    )


def _first(*names: str, choices: Choices) -> str:
    """The first of these domains that is served, else the first of all."""
    return next((name for name in (*names, *choices.domains) if name in choices.domains), "")


def _likeliest(choices: Choices) -> tuple[str, ...]:
    return (choices.likeliest,) if choices.likeliest else ()


def _clean(text: str, most: int) -> str:
    """Text of a link, without what no field takes."""
    return "".join(letter for letter in text if letter.isprintable())[:most].strip()
