"""`make screenshots`: pictures of the main pages, on a desktop and a phone, in light and dark, from a sample's site.

They lie in `build/screenshots/`; those that README shows are copied to `docs/screenshots/`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.browser.chromium import CHROMIUM, launched
from tests.browser.sample import running_sample
from tests.browser.visiting import SCHEMES, SCREENS, Visits, settled, signed_in_state
from tests.integration.local_stack import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.browser.sample import Sample

FOLDER = ROOT / "build" / "screenshots"
SHOWN = ROOT / "docs" / "screenshots"
CHOSEN = {
    "aliases-desktop-light.png": "aliases.png",
    "alias-desktop-dark.png": "alias.png",
    "new-phone-light.png": "new.png",
    "activity-phone-dark.png": "activity.png",
}


def pictures(sample: Sample, folder: Path, only: Sequence[str] = ()) -> Iterator[Path]:
    """One after the other as they are made. `only` names pages, and may name some that are no main pages."""
    from tests.browser.pages import PAGES

    wanted = [page for page in PAGES if (page.name in only if only else page.is_main)]
    with launched() as browser:
        visits = Visits(browser, sample.stack.site, signed_in_state(browser, sample.stack))
        for screen in SCREENS:
            for scheme in SCHEMES:
                for signed_in in (True, False):
                    opened = visits.open(screen, scheme, signed_in=signed_in)
                    for page in wanted:
                        if page.signed_in == signed_in:
                            opened.goto(page.find(sample))
                            settled(opened)
                            path = folder / f"{page.name}-{screen.name}-{scheme}.png"
                            opened.screenshot(path=path, scale="css" if not screen.touch else "device")
                            yield path
        visits.close()


def main(only: Sequence[str]) -> int:
    if not CHROMIUM.exists():
        print(f"{CHROMIUM} is not there: 'apt-get install chromium' lets it take the pictures", file=sys.stderr)  # noqa: T201
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()  # for the names of the pages; the site itself runs in a process of its own
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_sample(Path(folder)) as sample:
        for path in pictures(sample, FOLDER, only):
            print(path.relative_to(ROOT), flush=True)  # noqa: T201  the output of this command
            if path.name in CHOSEN:
                shutil.copyfile(path, SHOWN / CHOSEN[path.name])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
