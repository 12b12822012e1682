"""Pages never load django-ninja: it would cost every cold start of the site."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.installation import environment

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from moto import mock_aws
from django.contrib.staticfiles import finders
from django.test import Client
from tests.support.site import add_domain_and_destination, empty_table
with mock_aws():
    add_domain_and_destination(empty_table())
    before = set(sys.modules)  # moto may load what it likes
    import tacomail_site.urls
    from tacomail_site.models import Operator, Role
    client = Client()
    client.force_login(Operator.objects.create_operator("olivia", None, Role.OWNER))
    answer = client.get("/aliases/")
    assert answer.status_code == 200 and b"taco.example" in answer.content, answer
    assert finders.find("swagger/swagger-ui.css")
    print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before} & {"ninja", "pydantic"}))
    print("ninja" in sys.modules)
    client.get("/api/v1/aliases")
    print("ninja" in sys.modules)
"""


def test_neither_the_urls_nor_the_page_of_aliases_load_ninja_or_pydantic(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "True"]
