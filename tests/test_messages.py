"""The catalogues are complete, fit their strings, and are compiled as they are."""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polib  # type: ignore[import-untyped]  # it has none
import pytest
from django.conf import settings

from scripts.messages import FOLDERS, PLURAL_FORMS, ROOT, catalogue, compiled, extracted, key, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = tuple(PLURAL_FORMS)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%%")
TAG = re.compile(r"</?[a-z][^>]*>")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "ngettext_noop", "pgettext"}
ENDS = (".", ":", "?", "!", "…")
needs_xgettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="GNU gettext is not installed: scripts/system-packages does it"
)


@cache
def entries(language: str) -> Any:
    return polib.pofile(str(catalogue(language)))


@cache
def found() -> Any:
    return extracted()


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each string with its translation; of one with a plural form, both."""
    for entry in entries(language):
        if entry.msgid_plural:
            yield entry.msgid, entry.msgstr_plural[0]
            yield entry.msgid_plural, entry.msgstr_plural[1]
        else:
            yield entry.msgid, entry.msgstr


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def blanks(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def ending(text: str) -> str:
    last = text.rstrip()[-1:]
    return last if last in ENDS else ""


def test_every_language_of_the_site_but_english_has_a_catalogue() -> None:
    assert {code for code, _ in settings.LANGUAGES} == {"en", *LANGUAGES}
    assert [Path(path) for path in settings.LOCALE_PATHS] == [catalogue("de").parents[2]]


@needs_xgettext
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_holds_the_strings_of_the_program_and_no_others(language: str) -> None:
    there = {key(entry) for entry in entries(language)}
    wanted = {key(entry) for entry in found()}
    assert sorted(wanted - there, key=str) == [], "run 'make messages', then translate these"
    assert sorted(there - wanted, key=str) == [], "run 'make messages'"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated_and_none_is_guessed(language: str) -> None:
    catalog = entries(language)
    assert [entry.msgid for entry in catalog.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalog.obsolete_entries()] == []
    assert [string for string, translation in pairs(language) if not translation.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_its_forms(language: str) -> None:
    assert "nplurals=2" in entries(language).metadata["Plural-Forms"]
    odd = [entry.msgid for entry in entries(language) if entry.msgid_plural and set(entry.msgstr_plural) != {0, 1}]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_string(language: str) -> None:
    odd = [pair for pair in pairs(language) if placeholders(pair[0]) != placeholders(pair[1])]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_tags_of_its_string(language: str) -> None:
    odd = [pair for pair in pairs(language) if Counter(TAG.findall(pair[0])) != Counter(TAG.findall(pair[1]))]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_string_does(language: str) -> None:
    odd = [pair for pair in pairs(language) if blanks(pair[0]) != blanks(pair[1]) or ending(pair[0]) != ending(pair[1])]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_translations(language: str) -> None:
    assert catalogue(language).with_suffix(".mo").read_bytes() == compiled(entries(language)), "run 'make messages'"


def test_new_strings_come_without_a_translation_and_gone_ones_go() -> None:
    known, now = polib.POFile(), polib.POFile()
    known.extend([polib.POEntry(msgid="stays", msgstr="bleibt"), polib.POEntry(msgid="goes", msgstr="geht")])
    now.extend(
        [polib.POEntry(msgid="stay"), polib.POEntry(msgid="stays"), polib.POEntry(msgid="%(n)d", msgid_plural="%(n)ds")]
    )
    result = merged(known, now, "de")
    assert [(entry.msgid, entry.msgstr, entry.msgstr_plural) for entry in result] == [
        ("stay", "", {}),
        ("stays", "bleibt", {}),
        ("%(n)d", "", {0: "", 1: ""}),
    ]
    assert not any("Date" in name for name in result.metadata)


@needs_xgettext
def test_strings_of_code_and_of_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "aliases").mkdir()
    (tmp_path / "aliases" / "a.py").write_text(
        'a = gettext_noop("There is no %(x)s.", x=1)\nb = ngettext_noop("%(count)d x", "%(count)d xs", 2)\nc = "no"\n'
    )
    (tmp_path / "aliases" / "b.html").write_text(
        "{% load i18n %}{% translate 'Hello' %}"
        "{% blocktranslate trimmed with n=name %}\n Bye,\n {{ n }}\n{% endblocktranslate %}"
    )
    assert [key(entry)[1:] for entry in extracted(tmp_path)] == [
        ("There is no %(x)s.", ""),
        ("%(count)d x", "%(count)d xs"),
        ("Hello", ""),
        ("Bye, %(n)s", ""),
    ]


# What xgettext cannot read (tests/test_templates.py: what nobody marked)


def unreadable(source: str) -> list[int]:
    """The lines on which something else than a plain string is marked, which xgettext cannot read."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in MARKS and call.args and not is_string(call.args[0])
    ]


def is_string(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_marked_string_can_be_read(folder: str) -> None:
    # The one place that translates what others have marked.
    others = [path for path in (ROOT / folder).rglob("*.py") if path != ROOT / "aliases" / "wording" / "errors.py"]
    found = {str(path.relative_to(ROOT)): unreadable(path.read_text()) for path in others}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_marked_string_that_cannot_be_read_would_be_found() -> None:
    assert unreadable('_("one")\n_(f"{two}")\nngettext(three, "3", 4)\n_("a" % b)') == [2, 3, 4]
