"""No SQL engine is configured, and none is loaded, by anything that serves the site or runs a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("sqlite3", "_sqlite3", "psycopg", "psycopg2", "MySQLdb", "oracledb", "cx_Oracle")
SCRIPT = """
import os, sys
os.environ.update(DJANGO_SETTINGS_MODULE="tacomail_site.settings", DJANGO_DEBUG="1")
import django
django.setup()
from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.urls import get_resolver
admin.autodiscover()
assert get_resolver().url_patterns
for name, app in get_commands().items():
    if app in {"aliases", "tacomail_site"}:
        load_command_class(app, name)
print(*sorted(sys.modules))
"""


def test_the_one_engine_is_ours() -> None:
    assert {entry["ENGINE"] for entry in settings.DATABASES.values()} == {"aliases.backend"}


def test_neither_the_site_nor_a_command_loads_another_one() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "aliases.backend.base" in loaded
    assert loaded.isdisjoint(ENGINES)
    assert [name for name in loaded if name.startswith("django.db.backends.") and name.count(".") > 3 and
            name.split(".")[3] not in {"base", "ddl_references", "signals", "utils"}] == []  # fmt: skip
