from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from aliases.records.addresses import domain_name, local_part_name
from aliases.records.exceptions import (
    Conflict,
    InUse,
    InvalidAddress,
    NotFound,
    RecordError,
    TableRefused,
    TableUnavailable,
)
from aliases.records.translatable import Text, gettext_noop, ngettext_noop
from aliases.wording.errors import message, refusal_of, sentence, translated

if TYPE_CHECKING:
    from aliases.records.translatable import TranslatableError

TAKEN = gettext_noop("%(address)s exists already.")
STILL = ("%(domain)s still has %(count)d alias.", "%(domain)s still has %(count)d aliases.")


def test_an_error_says_in_english_what_its_text_says() -> None:
    error = InUse(ngettext_noop(*STILL, 2, domain="taco.example"), field="domain")
    assert str(error) == error.message == str(error.text) == "taco.example still has 2 aliases."
    assert str(ngettext_noop(*STILL, 1, domain="taco.example")) == "taco.example still has 1 alias."
    assert str(ngettext_noop(*STILL, 0, domain="taco.example")) == "taco.example still has 0 aliases."


def test_values_may_hold_percent_signs() -> None:
    error = NotFound(TAKEN.given(address="100%(x)s%d@taco.example"), code="other")
    assert error.message == sentence(error) == "100%(x)s%d@taco.example exists already."
    assert sentence(NotFound("100% of %(it)s", code="other")) == "100% of %(it)s"


def test_an_error_survives_pickling_with_its_text() -> None:
    error = InvalidAddress(TAKEN.given(address="a@b.example"), code="odd", field="alias")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert (str(copy), copy.text, copy.code, copy.field) == (str(error), error.text, "odd", "alias")


def test_an_error_without_words_stays_without_them() -> None:
    with override("de"):
        assert sentence(RecordError("")) == ""


def test_a_text_among_the_values_is_translated_too() -> None:
    inner = gettext_noop("The domain is empty.")
    assert translated(Text("Not that: %(why)s", {"why": inner})) == "Not that: The domain is empty."


def test_advice_follows_where_something_happened_at_the_same_moment() -> None:
    conflict = Conflict(gettext_noop("%(address)s was changed at the same moment; try again.", address="a@b.example"))
    assert sentence(conflict).endswith("try again. Nothing was saved: look at it again, then save again.")
    assert message(conflict).endswith("try again.")
    assert "renamed or deleted" in sentence(NotFound("There is no alias a@b.example."))


def test_a_table_that_gives_no_answer_leaves_what_was_typed() -> None:
    assert "Nothing that you typed is lost" in sentence(TableUnavailable("The table t is busy (Throttling): slow"))
    assert sentence(TableRefused("denied")) == "The table refused it, and nothing was saved: denied"


def test_the_refusal_is_found_below_other_errors() -> None:
    refusal, above = InvalidAddress("no"), ValueError()
    above.__cause__ = refusal
    assert refusal_of(above) is refusal_of(refusal) is refusal
    assert refusal_of(ValueError()) is None


@pytest.mark.parametrize(
    ("act", "text"), [(domain_name, "taco"), (domain_name, "a..b"), (local_part_name, "a b"), (local_part_name, "")]
)
def test_what_an_operator_typed_wrong_is_told_in_every_language(act: object, text: str) -> None:
    error = refused(act, text)
    with override("de"):
        german = sentence(error)
    with override("es"):
        spanish = sentence(error)
    assert len({german, spanish, str(error)}) == 3
    assert all(text in told for told in (german, spanish))


def refused(act: object, text: str) -> TranslatableError:
    assert callable(act)
    with pytest.raises(InvalidAddress) as caught:
        act(text)
    return caught.value
