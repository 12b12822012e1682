"""Content types are made from the code: no row, no request, and the same numbers in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from aliases.models import Alias
from tests.aliases.backend.rows import made
from tests.support.site import counted_requests

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import json, django
django.setup()
from django.contrib.contenttypes.models import ContentType
print(json.dumps({f"{t.app_label}.{t.model}": t.pk for t in ContentType.objects.all()}))
"""

pytestmark = pytest.mark.usefixtures("empty_site")


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    ContentType.objects.clear_cache()


def numbers() -> dict[str, int]:
    return {f"{kind.app_label}.{kind.model}": kind.pk for kind in ContentType.objects.all()}


def test_every_installed_model_has_one_and_no_request_is_made() -> None:
    with counted_requests() as requests:
        found = numbers()
        for model in apps.get_models():
            kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
            assert (kind.model_class(), found[model._meta.label_lower]) == (model, kind.pk)
    assert requests.operations == []


def test_no_two_have_the_same_number() -> None:
    found = numbers()
    assert len(set(found.values())) == len(found)
    assert all(0 < number < 2**31 for number in found.values())


def test_they_are_found_by_number_and_by_name() -> None:
    kind = ContentType.objects.get_for_model(Alias)
    assert ContentType.objects.get_for_id(kind.pk) == kind
    assert ContentType.objects.get_by_natural_key("aliases", "alias") == kind
    assert kind.name == "alias"
    with pytest.raises(ContentType.DoesNotExist):
        ContentType.objects.get(app_label="aliases", model="nothing")


def test_an_object_is_found_through_its_content_type() -> None:
    shop = made("shop")
    assert ContentType.objects.get_for_model(shop).get_object_for_this_type(pk=shop.pk) == shop


def test_two_processes_have_equal_numbers() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "POSTFIX_DYNAMODB_TABLE": "nothing-is-asked-of-it",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # nobody answers there
        "PYTHONHASHSEED": "random",
    }
    answers: list[dict[str, Any]] = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        answers.append(json.loads(done.stdout))
    assert answers == [numbers(), numbers()]
