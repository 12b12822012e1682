"""What holds for every template of ours, read as text: nothing inline, forms with their token, names, translations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(
    path for folder in ("aliases", "tacomail_site") for path in (ROOT / folder / "templates").rglob("*.html")
)
ICONS = ROOT / "aliases" / "templates" / "ui" / "parts" / "icons.html"
TEXT = "§"  # stands for what a variable or a tag writes
FLOW = {
    "if", "elif", "else", "endif", "for", "empty", "endfor", "with", "endwith", "block", "endblock", "extends", "load",
    "autoescape", "endautoescape", "spaceless", "endspaceless", "get_current_language", "firstof", "icon", "comment",
    "endcomment", "filter", "endfilter", "language", "endlanguage", "cycle", "resetcycle", "ifchanged", "endifchanged",
    "localize", "endlocalize", "get_available_languages", "get_language_info", "get_language_info_list",
}  # fmt: skip
SYNTAX = re.compile(r"\{#.*?#\}|\{%\s*(?P<tag>\w+)(?P<rest>.*?)%\}|\{\{.*?\}\}", re.DOTALL)
APART = re.compile(  # remarks, translated sentences, and the blocks that name classes of the body
    r"\{%\s*comment\b.*?endcomment\s*%\}"
    r"|(?P<sentence>\{%\s*blocktrans(late)?\b.*?endblocktrans(late)?\s*%\})"
    r"|\{%\s*block \w*(class|coltype)\s*%\}.*?\{%\s*endblock\s*%\}",
    re.DOTALL,
)
NAME = r"""\s+["']([^"']+)["']"""
WORD = re.compile(r"[^\W\d_]{2,}")
NOT_TRANSLATED = {"tacomail"}
UNSPOKEN = {"script", "style", "code", "kbd", "pre", "template"}
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "data-confirm", "data-label")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "csrf"}
NAMED = {"button", "summary", "a", "svg"}


def plain(template: str) -> str:
    """The template as HTML: what is written at run time becomes TEXT, what only steers is gone."""
    once = APART.sub(lambda found: TEXT if found["sentence"] else "", template)
    return SYNTAX.sub(_written, once)


def _written(found: re.Match[str]) -> str:
    if found[0].startswith("{#") or found["tag"] in FLOW:
        return ""
    if found["tag"] == "csrf_token":
        return "<csrf>"
    return "" if " as " in (found["rest"] or "") and found["tag"] not in {"translate", "trans"} else TEXT


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[Element] = field(default_factory=list)
    holder: Element | None = None

    def all(self) -> Iterator[Element]:
        yield self
        for element in self.inside:
            yield from element.all()

    def spoken(self) -> str:
        """What assistive software calls it, as far as a template shows that."""
        own = " ".join(self.attributes.get(name, "") for name in ("aria-label", "aria-labelledby", "alt", "title"))
        return " ".join([own, self.text, *(element.spoken() for element in self.inside)]).strip()


class Tree(HTMLParser):
    """The elements of a template. An end tag without its start, as in a part of a page, is passed over."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.top = self.open = Element("", {})
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, holder=self.open)
        self.open.inside.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.inside.append(Element(tag, {name: value or "" for name, value in attrs}, holder=self.open))

    def handle_endtag(self, tag: str) -> None:
        here: Element | None = self.open
        while here is not None and here.tag != tag:
            here = here.holder
        if here is not None and here.holder is not None:
            self.open = here.holder

    def handle_data(self, data: str) -> None:
        self.open.text += data


def elements(template: str) -> list[Element]:
    return list(Tree(plain(template)).top.all())


def inline_code(template: str) -> list[str]:
    """The policy `script-src 'self'; style-src 'self'` stops all of these; htmx's hx-on and js: need eval."""
    found = []
    for element in elements(template):
        if element.tag == "style" or (element.tag == "script" and "src" not in element.attributes):
            found.append(f"<{element.tag}>")
        for name, value in element.attributes.items():
            if (
                name == "style"
                or name.startswith(("on", "hx-on", "hx-vars"))
                or re.match(r"\s*(javascript|js):", value)
            ):
                found.append(f"{name}={value}")
    return found


def forms_without_token(template: str) -> list[str]:
    return [
        f"form {element.attributes.get('action', '')}"
        for element in elements(template)
        if element.tag == "form" and element.attributes.get("method", "").lower() == "post"
        if not any("csrf" in (inner.tag, inner.attributes.get("name", "")[:4]) for inner in element.all())
    ]


def nameless(template: str) -> list[str]:
    """Pictures that neither have a text nor are marked as decoration, and controls that are called nothing."""
    found = []
    for element in elements(template):
        wanted = element.attributes
        if element.tag == "img" and "alt" not in wanted:
            found.append(f"img {wanted.get('src')}")
        if element.tag in NAMED and not element.spoken() and not {"hidden", "aria-hidden"} & wanted.keys():
            found.append(f"{element.tag} {wanted.get('class')}")
    return found


def untranslated(template: str) -> list[str]:
    """Words outside of `translate` and `blocktranslate`."""
    found = []
    for element in elements(template):
        texts = [element.attributes.get(name, "") for name in SPOKEN]
        if element.attributes.get("type") in {"submit", "button"} and element.tag == "input":
            texts.append(element.attributes.get("value", ""))
        if element.tag not in UNSPOKEN:
            texts.append(element.text)
        found += [word for text in texts for word in WORD.findall(text) if word not in NOT_TRANSLATED]
    return found + [literal for literal in _literals(template) if WORD.search(literal)]


def _literals(template: str) -> Iterator[str]:
    """Sentences that are handed to an included part or a tag of ours as they are: a capital letter tells them."""
    for found in SYNTAX.finditer(template):
        if found["tag"] and found["tag"] not in (FLOW - {"with"}) | {"translate", "trans", "url", "static"}:
            yield from re.findall(r'(?<!_\()"([A-Z][a-z][^"]*)"', found["rest"])


def loose_sentences(template: str) -> list[str]:
    """A sentence over several lines is trimmed, or its line breaks are part of what is translated."""
    sentences = [found["sentence"] for found in APART.finditer(template) if found["sentence"]]
    return [text for text in sentences if "\n" in text and not re.match(r"\{%\s*blocktrans\w*[^%]*\btrimmed\b", text)]


def missing_files(template: str) -> list[str]:
    """Static files, templates and icons that are named and not there."""
    found = [name for name in re.findall(r"\{%\s*static" + NAME, template) if finders.find(name) is None]
    for name in re.findall(r"\{%\s*(?:include|extends)" + NAME, template):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            found.append(name)
    icons = ICONS.read_text()
    return found + [
        name for name in re.findall(r"\{%\s*icon" + NAME, template) if not re.search(rf'id="[\w-]*\b{name}"', icons)
    ]


def unknown_addresses(template: str) -> list[str]:
    return [name for name in re.findall(r"\{%\s*url" + NAME, template) if name not in _url_names()]


@cache
def _url_names() -> frozenset[str]:
    return frozenset(_names(get_resolver(), ""))


def _names(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        else:
            yield from _names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


CHECKS: dict[Callable[[str], list[str]], tuple[str, str]] = {  # each with what it finds fault with, and what it lets be
    inline_code: ('<p style="color: red">', '<p class="bad" hx-get="{% url "ui:aliases" %}">'),
    forms_without_token: ('<form method="post"></form>', '<form method="post">{% csrf_token %}</form><form></form>'),
    nameless: (
        '<button class="x">{% icon "copy" %}</button>',
        '<button>{% icon "copy" %} {% translate "Copy" %}</button><a href="/" aria-label="{{ name }}"></a>',
    ),
    untranslated: (
        '{% if a %}<p>Held {{ count }}</p>{% endif %}',
        '{# Held #}<p>{% blocktranslate %}Held{% endblocktranslate %} {{ a|default:"Held" }} <code>held</code></p>',
    ),
    loose_sentences: (
        "{% blocktranslate %}\n  Held\n{% endblocktranslate %}",
        "{% blocktranslate trimmed %}\n  Held\n{% endblocktranslate %}{% blocktranslate %}Held{% endblocktranslate %}",
    ),
    missing_files: ('{% static "ui/no-such.css" %}', '{% static "ui/tacomail.css" %}{% include "ui/base.html" %}'),
    unknown_addresses: ('{% url "ui:no_such" %}', '{% url "ui:aliases" %}{% url name %}'),
}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_template_breaks_the_rule(check: Callable[[str], list[str]]) -> None:
    found = {str(path.relative_to(ROOT)): check(path.read_text()) for path in TEMPLATES}
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_rule_tells_a_fault_from_what_is_right(check: Callable[[str], list[str]]) -> None:
    wrong, right = CHECKS[check]
    assert check(wrong) != []
    assert check(right) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (inline_code, "<script>go()</script>"),
        (inline_code, '<a href="javascript:go()">x</a>'),
        (inline_code, '<button onclick="go()">x</button>'),
        (inline_code, '<button hx-on:click="go()">x</button>'),
        (nameless, '<img src="x.svg">'),
        (nameless, '<svg class="x"><path d="M0 0"/></svg>'),
        (untranslated, '<input placeholder="Search">'),
        (untranslated, '<input type="submit" value="Save">'),
        (untranslated, '{% include "ui/parts/empty.html" with heading="Nothing here" %}'),
        (missing_files, '{% icon "no-such-icon" %}'),
        (missing_files, '{% extends "ui/no-such.html" %}'),
    ],
)
def test_other_faults_are_found_too(check: Callable[[str], list[str]], wrong: str) -> None:
    assert check(wrong) != []


def test_the_rules_are_tried_on_every_page_there_is() -> None:
    assert ROOT / "aliases/templates/ui/base.html" in TEMPLATES
    assert len(TEMPLATES) > 40
