"""Fills the table and SQLite with the same random rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connections
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from aliases.models import Alias, Destination, Domain, MessageLog
from aliases.records import registry
from aliases.records.connection import to_item
from aliases.records.log import LogEntry as LogRecord
from aliases.records.log import log_item
from aliases.records.message import Message, Outcome
from tacomail_site.models import Operator, RecoveryCode
from tests.aliases.backend.differential import OTHER, OURS
from tests.aliases.backend.differential_models import Place, Region, Visit
from tests.aliases.backend.differential_rows import MOMENTS, RandomRows

if TYPE_CHECKING:
    import random
    from datetime import tzinfo

    from aliases.backend.table import SiteTable

    Rows = dict[type[Any], list[Any]]

MODELS = (ContentType, Operator, LogEntry, Alias, Region, Place, Visit, StaticDevice, StaticToken, RecoveryCode,
          Session, Domain, Destination, MessageLog)  # fmt: skip
LOG_START = datetime(2026, 3, 27, 22, tzinfo=UTC)
DAYS_KEPT = 100_000


class AfterTheLog(datetime):
    """A clock by which the log ends today: each day since its beginning is a request."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return LOG_START + timedelta(days=5)


def fill_for_questions(dice: random.Random, table: SiteTable) -> Rows:
    """The rows of every model."""
    _make_tables()
    made = RandomRows(dice)
    _save(*made.operators, *made.codes(5), *made.entries(60), *made.aliases(50))
    _save(*made.devices(15), *made.visits(60), *made.sessions(15))
    _fill_registry(made)
    _fill_log(made, table)
    return _rows()


def fill_for_writes(dice: random.Random) -> Rows:
    """Few rows, of the models that writes change."""
    _make_tables()
    made = RandomRows(dice)
    _save(*made.operators, *made.codes(4), *made.entries(8), *made.aliases(10), *made.devices(8), *made.visits(12))
    return _rows()


def _make_tables() -> None:
    """Every installed model's: a cascade looks into each that points to what is deleted."""
    there = set(connections[OTHER].introspection.table_names())
    with connections[OTHER].schema_editor() as editor:
        models: list[Any] = [*apps.get_models(), Region, Place, Visit]
        for model in models:
            if model._meta.db_table not in there:
                editor.create_model(model)
    for kind in ContentType.objects.all():  # they come from the code here
        kind.save(using=OTHER, force_insert=True)


def _save(*rows: Any) -> None:
    for row in rows:
        key = row.pk
        for database in (OURS, OTHER):
            row.pk = key  # each gives its own, where there is none
            row.save(using=database, force_insert=True)
    for database in (OURS, OTHER):  # which takes the moment of the save for it
        StaticDevice.objects.using(database).update(created_at=MOMENTS[0])


def _fill_registry(made: RandomRows) -> None:
    """Four of each, every other one off. The registry sets the moments itself, by its clock."""
    known: dict[type[Any], tuple[str, ...]] = {
        Domain: ("a.example.com", "b.example.com", "c.example.org", "d.example.org"),
        Destination: ("alice@tacomail", "S3", "q@example.org", "bob@tacomail"),
    }
    for model, names in known.items():
        for number, name in enumerate(names):
            now = made.one(MOMENTS)
            row = model(pk=name, description=made.one(["", "A", "ab"]), active=number % 2 == 0)
            row.created_datetime = row.modified_datetime = now
            row.save(using=OTHER, force_insert=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(registry, "time", SimpleNamespace(time=now.timestamp))
                row.save(using=OURS, force_insert=True)


def _fill_log(made: RandomRows, table: SiteTable) -> None:
    """Three days of the log, written as the mail functions write it."""
    for number in range(40):
        moment = LOG_START + timedelta(minutes=made.dice.randint(0, 4000), seconds=number)
        address = f"{made.one(('bob', 'al', 'x_y'))}@a.example.com"
        message = Message(
            f"m{number}",
            recipients=(address,),
            decisions=(),
            reverse_path=made.one([None, "", "Sender@example.org", "list@example.com"]),
            received=int(moment.timestamp()),
            size=made.one([0, 1, 5000]),
        )
        entry = LogRecord(address, (address,), made.one(list(Outcome)), made.one(["active_alias", "Unknown"]))
        item = to_item(log_item(message, entry, DAYS_KEPT))
        table.put(item)
        MessageLog(
            identifier=item["identifier"]["S"],
            address=address,
            message_id=message.message_id,
            received_datetime=moment,
            outcome=str(entry.outcome),
            reason=entry.reason,
            recipients=[address],
            reverse_path=message.reverse_path,
            size=message.size or None,
        ).save(using=OTHER, force_insert=True)


def _rows() -> Rows:
    models: tuple[Any, ...] = MODELS
    return {model: list(model._default_manager.using(OTHER).order_by("pk")) for model in models}
