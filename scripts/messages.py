#!/usr/bin/env python3
"""Brings the catalogues in locale/ up to date with the strings of the program, and compiles them.

Needs GNU gettext (Debian: gettext) to find the strings. A string that is new comes without a translation, one that is
gone goes; nothing is guessed from a similar one. Exits 1 when translations are missing. docs/translating.md tells more.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import polib  # type: ignore[import-untyped]  # it has none
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("aliases", "mailhandlers", "tacomail_site")
PLURAL_FORMS = {"de": "nplurals=2; plural=(n != 1);", "es": "nplurals=2; plural=(n != 1);"}
# Beside xgettext's own: those of Django, and that of aliases/records/translatable.py.
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "ngettext_noop:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
WIDTH = 110


def catalogue(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted(root: Path = ROOT) -> polib.POFile:
    """Every string that is marked for translation, in the order of the files. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        names = sorted(_copied(root, Path(folder)))
        command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--add-location=file", "--output=-"]
        command += ["--add-comments=Translators", *(f"--keyword={keyword}" for keyword in KEYWORDS), *names]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=True)  # noqa: S603  our own arguments
    return polib.pofile(done.stdout.decode())


def _copied(root: Path, folder: Path) -> list[str]:
    """Copies what may hold strings, the templates as the Python that Django makes of them for xgettext."""
    names = []
    for path in (path for top in FOLDERS for path in (root / top).rglob("*") if path.suffix in {".py", ".html"}):
        name = path.relative_to(root)
        text = path.read_text()
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(templatize(text, origin=str(name)) if path.suffix == ".html" else text)
        names.append(str(name))
    return names


def merged(known: polib.POFile, found: polib.POFile, language: str) -> polib.POFile:
    """The strings that were found, with the translations that are known."""
    result = polib.POFile(wrapwidth=WIDTH)
    result.metadata = {
        "Project-Id-Version": "tacomail",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    before = {key(entry): entry for entry in known if not entry.obsolete}
    for entry in found:
        translated = before.get(key(entry))
        if translated is not None:
            entry.msgstr, entry.tcomment = translated.msgstr, translated.tcomment
            entry.msgstr_plural = dict(translated.msgstr_plural)
        elif entry.msgid_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        result.append(entry)
    return result


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    """What makes a string another one."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def compiled(known: polib.POFile) -> bytes:
    """What a .mo file holds."""
    content: bytes = known.to_binary()
    return content


def main() -> int:
    settings.configure()
    found = extracted()
    missing = 0
    for language in PLURAL_FORMS:
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = polib.pofile(str(path)) if path.exists() else polib.POFile()
        catalog = merged(known, found, language)
        path.write_text(f"{catalog}\n")
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        left = len(catalog.untranslated_entries())
        missing += left
        print(f"{path.relative_to(ROOT)}: {len(catalog)} strings, {left} without a translation")  # noqa: T201  output
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
