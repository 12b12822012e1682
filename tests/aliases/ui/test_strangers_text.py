"""What strangers write into addresses and headers stays what it is: no markup, and nothing that turns text around."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from django.template import Context, Engine
from django.urls import reverse

from aliases.services.headers import isolated
from aliases.templatetags.activity import sender_text
from aliases.templatetags.ui import shown_address
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.entries import written

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

TURNS = re.compile("[\u202a-\u202e\u2066\u2067]")
SENDER = "\u202emoc.elpmaxe@<img src=x>\x1b\u2067"
RECIPIENT = "sh\u202eop+<script>alert(1)</script>@taco.example"


def test_a_sender_and_a_recipient_turn_nothing_around_and_are_no_markup(site: SiteTable) -> None:
    identifier = written(site, int(time.time()) - 60, reverse_path=SENDER, recipients=(RECIPIENT,))
    client = signed_in()
    for path in (reverse("ui:message", args=[identifier]), reverse("ui:activity")):
        page = client.get(path).content.decode()
        assert "moc.elpmaxe@&lt;img src=x&gt;" in page
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert not TURNS.search(page), path


def test_an_unknown_recipient_turns_nothing_around(site: SiteTable) -> None:
    identifier = written(site, int(time.time()) - 60, address=RECIPIENT, reason="unknown_alias")
    client = signed_in()
    for path in (reverse("ui:message", args=[identifier]), reverse("ui:activity")):
        page = client.get(path)
        assert page.status_code == 200
        assert not TURNS.search(re.sub(r'href="[^"]*"|name="[^"]*"', "", page.content.decode())), path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("jane@example.com", "jane@example.com"),
        ("\u05d0\u05d1@example.com", "\u2068\u05d0\u05d1@example.com\u2069"),
        ("a\u2069\u202eb", "ab"),  # cannot end the isolation, either
        ("a\u2069\u202e\u05d0", "\u2068a\u05d0\u2069"),
    ],
)
def test_text_in_a_sentence_is_on_its_own_where_it_may_run_the_other_way(text: str, shown: str) -> None:
    assert isolated(text) == shown


def test_addresses_are_shown_without_what_turns_them_around() -> None:
    assert shown_address("sh\u202eop@xn--mnchen-3ya.example") == "shop@münchen.example"
    assert sender_text("\u202ea@example.com") == "a@example.com"


def test_templates_can_ask_for_both() -> None:
    engine = Engine(libraries={"ui": "aliases.templatetags.ui"})
    template = engine.from_string("{% load ui %}{{ text|harmless }} {{ text|isolated }}")
    assert template.render(Context({"text": "\u202eא"})) == "א \u2068א\u2069"
