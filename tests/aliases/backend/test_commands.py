"""Django's own commands for databases do the right thing here, or say clearly why not."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import NotSupportedError, connection, connections, migrations, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from aliases.backend.table import open_table
from aliases.models import Alias, Domain
from tacomail_site.models import Operator
from tests.aliases.backend.models import Book, Shelf
from tests.aliases.backend.rows import made, names
from tests.support.installation import TABLE
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("site")


def output(command: str, *arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


# migrate


def test_migrate_does_its_work_once_and_leaves_the_aliases_alone() -> None:
    made("shop")
    assert "No migrations to apply" not in output("migrate", no_color=True)
    permissions = Permission.objects.count()
    assert "No migrations to apply" in output("migrate", no_color=True)
    assert Permission.objects.count() == permissions > 0
    assert ("sessions", "0001_initial") in MigrationRecorder(connection).applied_migrations()
    assert names(Alias.objects.all()) == ["shop"]
    assert Domain.objects.count() == 1


def test_the_site_works_without_migrate() -> None:
    Operator.objects.create_operator("ann", "secret")
    assert Operator.objects.get().username == "ann"


def state_of(model: type[models.Model]) -> ProjectState:
    state = ProjectState()
    for kind in (Shelf, model):
        state.add_model(ModelState.from_model(kind))
    return state


def carried_out(operation: migrations.operations.base.Operation, before: ProjectState, *, collect: bool = False) -> Any:
    after = before.clone()
    operation.state_forwards("backend_tests", after)
    with connection.schema_editor(collect_sql=collect) as editor:
        operation.database_forwards("backend_tests", editor, before, after)
    return editor


def test_a_deleted_model_takes_its_rows_with_it() -> None:
    Book.objects.create(title="x")
    carried_out(migrations.DeleteModel("Book"), state_of(Book))
    assert Book.objects.count() == 0


def test_sqlmigrate_reads_and_deletes_nothing() -> None:
    Book.objects.create(title="x")
    carried_out(migrations.DeleteModel("Book"), state_of(Book), collect=True)
    assert Book.objects.count() == 1
    assert "(no-op)" in output("sqlmigrate", "sessions", "0001")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("Book", "isbn", models.CharField(max_length=20, default="")),
        migrations.RemoveField("Book", "rating"),
        migrations.AlterField("Book", "title", models.CharField(max_length=200)),
        migrations.AddIndex("Book", models.Index(fields=["title"], name="by_title")),
        migrations.AddConstraint("Book", models.UniqueConstraint(fields=["title"], name="one_title")),
        migrations.AlterUniqueTogether("Book", {("title", "pages")}),
        migrations.AlterModelTable("Book", "backend_tests_book"),
    ],
)
def test_what_changes_no_item_is_done_without_a_request(operation: Any) -> None:
    Book.objects.create(title="x")
    with counted_requests() as requests:
        carried_out(operation, state_of(Book))
    assert requests.operations == []


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        (
            migrations.RenameField("Book", "title", "name"),
            "renaming the column title of backend_tests_book while it holds rows",
        ),
        (
            migrations.AlterModelTable("Book", "volumes"),
            "renaming the table backend_tests_book while it holds rows",
        ),
    ],
)
def test_a_new_name_is_refused_while_data_would_stay_behind(operation: Any, refusal: str) -> None:
    carried_out(operation, state_of(Book))
    Book.objects.create(title="x")
    with pytest.raises(NotSupportedError, match=refusal):
        carried_out(operation, state_of(Book))


def test_sql_in_a_migration_is_refused() -> None:
    with pytest.raises(NotSupportedError, match=r"raw SQL \(VACUUM\)"):
        carried_out(migrations.RunSQL("VACUUM"), state_of(Book))


# flush, dumpdata, loaddata


def test_flush_empties_what_django_manages_and_leaves_the_aliases() -> None:
    made("shop")
    Operator.objects.create_operator("ann", None)
    output("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)  # which fills tables
    assert Operator.objects.count() == 0
    assert names(Alias.objects.all()) == ["shop"]
    assert Domain.objects.count() == 1


def test_a_dump_goes_back_in(tmp_path: Path) -> None:
    shop = made("shop", description="d", destinations={"S3": {"active": True}}, use_count=7)
    Operator.objects.create_operator("ann", "secret")
    path = tmp_path / "dump.json"
    output("dumpdata", "aliases", "tacomail_site.operator", "contenttypes", exclude=["aliases.messagelog"], output=path)
    dumped = {f"{row['model']} {row['pk']}" for row in json.loads(path.read_text())}
    assert {f"aliases.alias {shop.pk}", f"aliases.domain {DOMAIN}", "tacomail_site.operator ann"} <= dumped
    Alias.objects.all().delete()
    Operator.objects.all().delete()
    for _ in range(2):  # over what is there the second time
        output("loaddata", str(path), verbosity=0)
        loaded = Alias.objects.get(pk=shop.pk)
        assert (loaded.full_address, loaded.description, loaded.use_count) == (f"shop@{DOMAIN}", "d", 7)
        assert loaded.destinations == {"S3": {"active": True}}
        assert Operator.objects.get().check_password("secret")
        assert (Alias.objects.count(), Domain.objects.count()) == (1, 1)


def test_the_message_log_is_not_dumped_by_the_way() -> None:
    with pytest.raises(CommandError, match="reading the whole message log"):
        output("dumpdata", "aliases")


# The rest


def test_inspectdb_says_why_not() -> None:
    assert (
        "# Unable to inspect table 'alias'\n"
        "# The error was: The DynamoDB backend does not support inspectdb: items have no columns of their own."
    ) in output("inspectdb", "alias")


def test_check_of_the_database_is_silent() -> None:
    assert output("check", databases=["default"]) == "System check identified no issues (0 silenced).\n"


def test_showmigrations_and_makemigrations_work() -> None:
    assert "[ ] 0001_initial" in output("showmigrations", "sessions", no_color=True)
    output("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_table_of_django_is_there() -> None:
    found = set(connection.introspection.table_names())
    assert {model._meta.db_table for model in apps.get_models()} <= found


# Test databases


def test_a_test_database_is_a_table_of_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made("shop")
    database = connections["default"]
    monkeypatch.setitem(database.settings_dict, "NAME", "")
    monkeypatch.setitem(database.settings_dict["TEST"], "MIGRATE", False)  # it takes seconds
    name = database.creation.create_test_db(verbosity=0, serialize=False)
    try:
        assert name == f"test_{TABLE}"
        assert Alias.objects.count() == 0
        made("other")
        assert names(Alias.objects.all()) == ["other"]
        database.creation.clone_test_db("1", verbosity=0)
        assert open_table(f"{name}_1").describe() is not None
        database.creation.destroy_test_db(name, verbosity=0, suffix="1")
    finally:
        database.creation.destroy_test_db("", verbosity=0)
    assert open_table(name).describe() is None
    assert names(Alias.objects.all()) == ["shop"]
