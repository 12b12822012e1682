"""The list of what is secret, against the models that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.records.dump import DumpLoader, DumpReader, TableDump
from aliases.records.redaction import BY_PARTITION
from tacomail_site.models import RecoveryCode
from tests.support.site import PASSWORD, empty_table

if TYPE_CHECKING:
    from django.db.models import Model

    from aliases.backend.table import SiteTable

SECRET = re.compile(r"(^|_)(key|password|secret|salt|session|token|hash|digest|code)(_|$)")


def partition(model: type[Model]) -> str:
    return f"django:{model._meta.db_table}"


def test_every_model_with_a_field_that_sounds_secret_is_in_the_list() -> None:
    kept = [model for model in apps.get_models() if not hasattr(model, "record_mapping")]
    sounding = {
        f"{partition(model)}.{field.name}"
        for model in kept
        for field in model._meta.concrete_fields
        if SECRET.search(field.name) and not field.is_relation
    }
    assert {"django:django_session.session_key", "django:otp_totp_totpdevice.key"} <= sounding
    unlisted = {name for name in sounding if name.partition(".")[0] not in BY_PARTITION}
    assert unlisted == set()


def test_every_secret_column_of_an_operator_is_in_the_list() -> None:
    operator = get_user_model()
    columns = {field.column for field in operator._meta.concrete_fields if SECRET.search(field.name)}
    assert columns == BY_PARTITION[partition(operator)].columns.keys()


def test_an_operator_who_comes_back_from_a_dump_without_secrets_has_no_password(empty_site: SiteTable) -> None:
    operator = get_user_model().objects.create_operator("alice", PASSWORD)
    TOTPDevice.objects.create(user=operator, name="phone")
    RecoveryCode.objects.create(digest="a digest", operator=operator)
    session = SessionStore()
    session.create()
    dump = TableDump(empty_site)
    lines = list(dump.lines())
    assert {secret.noun for secret in dump.left_out} == {"session", "authenticator", "recovery code"}
    assert operator.password not in "\n".join(lines)
    table = empty_table()
    DumpLoader(table, DumpReader(lines)).run()
    back = get_user_model().objects.get(username="alice")
    assert (back.role, back.has_usable_password(), back.check_password(PASSWORD)) == ("owner", False, False)
    assert not TOTPDevice.objects.exists()


def test_an_operator_who_comes_back_from_a_complete_dump_signs_in_as_before(empty_site: SiteTable) -> None:
    get_user_model().objects.create_operator("alice", PASSWORD)
    lines = list(TableDump(empty_site, with_secrets=True).lines())
    DumpLoader(empty_table(), DumpReader(lines)).run()
    assert get_user_model().objects.get(username="alice").check_password(PASSWORD)
