from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.admin import reports
from aliases.models import Alias, State
from aliases.records.exceptions import NotFound, TableUnavailable
from aliases.records.history import Action
from aliases.services.aliases import delete_alias, rename_alias
from aliases.services.bulk import set_states
from aliases.services.histories import history_of
from tests.aliases.admin.pages import ALIASES, alias, fields, sent, signed_in, told
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.test import Client

pytestmark = pytest.mark.usefixtures("site")


def act(action: str, aliases: Iterable[Alias], query: str = "", client: Client | None = None, **more: Any) -> Any:
    """What the list sends when these rows are ticked and the action is started."""
    ticked = {"action": action, "_selected_action": [alias.pk for alias in aliases], "index": "0"}
    return (client or signed_in()).post(ALIASES + query, {**ticked, **more})


def confirm(page: Any, query: str = "", **typed: Any) -> Any:
    """What the page between sends."""
    assert page.status_code == 200
    return sent(signed_in(), ALIASES + query, fields(page), **typed)


def states() -> dict[str, State]:
    return {alias.alias_address: alias.state for alias in Alias.objects.all()}


@pytest.mark.parametrize(
    ("action", "state", "word"),
    [
        ("activate", State.ACTIVE, Action.RESUMED),
        ("deactivate", State.PAUSED, Action.PAUSED),
        ("ignore", State.IGNORED, Action.IGNORED),
    ],
)
def test_the_state_of_the_ticked_ones_is_set(action: str, state: State, word: Action) -> None:
    other = State.PAUSED if state is not State.PAUSED else State.ACTIVE
    ticked = [alias("a", state=other), alias("b", state=other)]
    alias("c", state=other)
    page = act(action, ticked)
    assert states() == {"a": state, "b": state, "c": other}
    assert told(page) == [f"2 aliases: {state}."]
    assert next(iter(history_of("alias", ticked[0].pk))).action is word


def test_all_that_the_filters_show_can_be_meant() -> None:
    first = alias("a", state=State.IGNORED)
    alias("b", state=State.IGNORED)
    alias("c")
    act("deactivate", [first], "?state=ignored", select_across="1")
    assert states() == {"a": State.PAUSED, "b": State.PAUSED, "c": State.ACTIVE}


def test_the_result_names_what_failed_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = alias("gone"), alias("kept")

    def late(aliases: Any, *args: Any, **kwargs: Any) -> Any:
        delete_alias(gone, by="somebody")
        return set_states(aliases, *args, **kwargs)

    monkeypatch.setattr("aliases.admin.actions.set_states", late)
    page = act("deactivate", [gone, kept])
    done, failed = told(page)
    assert done == "1 alias: paused."
    assert f"gone@{DOMAIN}: There is no alias gone@{DOMAIN}." in failed
    assert failed.startswith("1 alias could not be changed:")
    assert states() == {"kept": State.PAUSED}


def test_names_in_a_result_are_text_and_never_markup() -> None:
    report = reports.Report(failures=[("<b>x</b>", "<script>")])
    assert "&lt;b&gt;x&lt;/b&gt;: &lt;script&gt;" in reports._failed(report, "alias")


def test_without_an_answer_from_the_table_it_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    ticked = [alias("a"), alias("b"), alias("c")]

    def broken(aliases: Any, *args: Any, **kwargs: Any) -> Any:
        yield ticked[0], None
        raise TableUnavailable("The table is slow.")

    monkeypatch.setattr("aliases.admin.actions.set_states", broken)
    done, stopped = told(act("ignore", ticked))
    assert done == "1 alias: ignored."
    assert stopped == "2 of 3 were not tried: The table is slow. Do it again for the rest."


def test_what_takes_too_long_stops_and_says_so() -> None:
    errors = [None, NotFound("gone"), None]
    report = reports.carried_out(zip("abc", errors, strict=True), seconds=0)
    assert (report.done, report.failures, bool(report.stopped)) == (1, [], True)


def test_a_destination_is_set_over_a_page_that_names_the_aliases() -> None:
    ticked = [alias("a"), alias("b", destinations={"S3": True})]
    between = act("set_destination", ticked)
    text = between.content.decode()
    assert f"a@{DOMAIN}" in text
    assert '<option value="alice@tacomail">' in text
    page = confirm(between, destination="Bob@tacomail")
    assert told(page) == ["2 aliases: mail goes to bob@tacomail."]
    assert {tuple(alias.destination_list) for alias in Alias.objects.all()} == {(("bob@tacomail", True),)}


@pytest.mark.parametrize("typed", ["", "no such thing", "a@b\nBcc: c@d.example"])
def test_a_destination_that_is_none_asks_again(typed: str) -> None:
    page = confirm(act("set_destination", [alias("a")]), destination=typed)
    assert page.context["form"].errors
    assert Alias.objects.get().destination == "alice@tacomail"


def test_what_the_page_between_did_not_name_stays_as_it_is() -> None:
    between = act("set_destination", [alias("a")], select_across="1")
    alias("b")
    confirm(between, destination="S3")
    assert {a.alias_address: dict(a.destination_list) for a in Alias.objects.all()} == {
        "a": {"S3": True},
        "b": {"alice@tacomail": True},
    }


def test_a_loop_is_named_for_each_alias() -> None:
    page = confirm(act("set_destination", [alias("a")]), destination=f"bob@{DOMAIN}")
    (failed,) = told(page)
    assert f"a@{DOMAIN}: bob@{DOMAIN} is on {DOMAIN}, which this system serves" in failed


def test_deleting_asks_first_and_names_them() -> None:
    ticked = [alias("a", description="bank"), alias("b")]
    between = act("delete_selected", ticked)
    text = between.content.decode()
    assert "Delete these 2 aliases?" in text
    assert f"a@{DOMAIN}" in text
    assert "bank" in text
    assert Alias.objects.count() == 2
    page = confirm(between)
    assert told(page) == ["2 aliases: deleted."]
    assert not Alias.objects.exists()
    entry = next(iter(history_of("alias", ticked[0].pk)))
    assert (entry.action, entry.actor) == (Action.DELETED, "editor")


def test_an_alias_that_was_renamed_in_between_is_still_meant() -> None:
    shop = alias("a")
    between = act("delete_selected", [shop])
    rename_alias(shop, "b", by="somebody")
    assert told(confirm(between)) == ["1 alias: deleted."]


def test_the_way_back_is_a_link_that_keeps_the_filters() -> None:
    between = act("delete_selected", [alias("a")], "?state=active")
    assert f'href="{ALIASES}?state=active"' in between.content.decode()


def test_the_ticked_ones_are_exported_as_csv() -> None:
    shop = alias("shop", description="=1+1")
    alias("bank")
    page = act("export_csv", [shop])
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="aliases.csv"' in page.headers["Content-Disposition"]
    header, row = page.content.decode().splitlines()
    assert "address" in header
    assert row.startswith(f"shop@{DOMAIN},")
    assert ",=1+1" not in row


def test_nothing_ticked_and_unknown_actions_change_nothing() -> None:
    shop = alias("a")
    assert told(act("deactivate", [])) == [
        "Items must be selected in order to perform actions on them. No items have been changed."
    ]
    assert told(act("no_such_action", [shop])) == ["No action selected."]
    assert told(act("deactivate", [Alias(identifier="no-such-alias")])) == ["0 aliases: paused."]
    assert states() == {"a": State.ACTIVE}


def test_many_at_once_take_a_request_each_and_a_few_more() -> None:
    ticked = [alias(f"a{n}") for n in range(25)]
    client = signed_in()
    with counted_requests() as requests:
        act("deactivate", ticked, client=client)
    writes = {"UpdateItem", "PutItem", "BatchWriteItem"}
    assert requests.operations.count("UpdateItem") == 25
    # The session, the operator, the choices of the filters, the listing, and the ticked ones read for sure.
    assert [name for name in requests.operations if name not in writes] == [
        "GetItem",
        "GetItem",
        "BatchGetItem",
        "Query",
        "BatchGetItem",
    ]
