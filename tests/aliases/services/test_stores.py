"""What the services hand out are the models that Django's own queries give, and the errors of the records."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from aliases.models import Alias, Destination, Domain
from aliases.records.exceptions import TableUnavailable
from aliases.services.aliases import find_alias
from aliases.services.destinations import aliases_of, find_destination
from aliases.services.domains import find_domain
from aliases.services.stores import record_errors, site_table
from tests.aliases.services.making import alias
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("found", "model"),
    [
        (lambda: find_alias(f"shop@{DOMAIN}"), Alias),
        (lambda: find_domain(DOMAIN), Domain),
        (lambda: find_destination(DESTINATION), Destination),
    ],
)
def test_a_model_made_of_a_record_is_the_one_that_a_query_gives(found: Any, model: Any) -> None:
    alias(description="shoes", destinations={"S3": False})
    made = found()
    read = model.objects.get(pk=made.pk)
    for field in model._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(read, field.attname), field.name
    assert made.changed_fields() == []
    assert not made._state.adding


def test_a_table_that_gives_no_answer_is_told_as_by_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise TableUnavailable("The table is busy.")

    monkeypatch.setattr(site_table(), "query", fail)
    with pytest.raises(TableUnavailable, match="is busy"):
        list(aliases_of(DESTINATION))


@pytest.mark.parametrize("error", [DatabaseError("other"), IntegrityError("other")])
def test_an_error_that_comes_from_no_record_stays(error: Exception) -> None:
    with pytest.raises(type(error), match="other"), record_errors():
        raise error
