from __future__ import annotations

import pytest
from django.test import Client

from aliases.models import Alias, Domain
from tacomail_site.models import Operator
from tests.aliases.admin.pages import ALIASES, DESTINATIONS, DOMAINS, alias, change_page, signed_in
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")


def test_a_form_of_another_site_changes_nothing() -> None:
    shop = alias()
    signed_in()
    client = Client(enforce_csrf_checks=True)
    client.force_login(Operator.objects.get(pk="editor"))
    ticked = {"action": "deactivate", "_selected_action": [shop.pk], "index": "0"}
    for url, data in (
        (f"{ALIASES}add/", {"alias_address": "new", "sub_domain": DOMAIN, "destination": "S3", "state": "active"}),
        (change_page(shop), {"description": "x"}),
        (change_page(shop).replace("change", "delete"), {"post": "yes"}),
        (ALIASES, ticked),
        (f"{DOMAINS}{DOMAIN}/delete/", {"post": "yes", "with_aliases": "1"}),
        (f"{DESTINATIONS}{DESTINATION}/elsewhere/", {"destination": "S3"}),
    ):
        assert client.post(url, data).status_code == 403, url
    assert [(alias.alias_address, alias.state, alias.description or "") for alias in Alias.objects.all()] == [
        ("shop", "active", "")
    ]
    assert Domain.objects.count() == 1
