"""What comes with Django, and django-otp, run on this backend as they are."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.constants import SUCCESS
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from django_otp import devices_for_user, match_token, user_has_device, verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.models import Alias
from aliases.records.keys import Key
from tacomail_site.models import Operator
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("empty_site")


@pytest.fixture
def ann() -> Operator:
    return Operator.objects.create_operator("ann", None)


def totp_token(device: TOTPDevice) -> str:
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()
    return f"{clock.token():06d}"


class TestSessions:
    def test_a_session_is_kept_changed_and_ended(self) -> None:
        session = SessionStore()
        session["name"] = "ann"
        session.save()
        assert SessionStore(session.session_key)["name"] == "ann"
        again = SessionStore(session.session_key)
        again["name"] = "bob"
        again.save()
        assert SessionStore(session.session_key)["name"] == "bob"
        again.flush()
        assert SessionStore(session.session_key).load() == {}
        assert Session.objects.count() == 0

    def test_it_costs_one_get_to_read_and_one_more_put_to_make(self) -> None:
        session = SessionStore()
        session["x"] = 1
        with counted_requests() as making:
            session.create()
        with counted_requests() as reading:
            SessionStore(session.session_key).load()
        assert making.operations == ["GetItem", "PutItem"]  # Django looks first whether the key is free
        assert reading.operations == ["GetItem"]

    def test_its_end_is_its_time_to_live(self, empty_site: SiteTable) -> None:
        session = SessionStore()
        session.set_expiry(3600)
        session.save()
        key = Key("django:django_session", str(session.session_key))
        first = empty_site.get(key)
        session.set_expiry(7200)
        session.save()
        second = empty_site.get(key)
        assert first is not None
        assert second is not None
        moved = int(second["expires"]["N"]) - int(first["expires"]["N"])
        assert abs(moved - 3600) <= 2
        assert abs(int(second["expires"]["N"]) - time.time() - 7200) <= 2

    def test_clearsessions_removes_what_is_over(self) -> None:
        kept, over = SessionStore(), SessionStore()
        kept.save()
        over.set_expiry(timezone.now() + timedelta(seconds=0.2))
        over.save()
        time.sleep(0.3)
        call_command("clearsessions")
        assert [session.pk for session in Session.objects.all()] == [kept.session_key]

    @pytest.mark.parametrize("cookie", ["x" * 5000, "a\udc80bcdefgh", "../../etc/passwd", "' OR 1=1 --", "é" * 600])
    def test_a_cookie_that_somebody_made_up_is_no_session(self, cookie: str) -> None:
        assert SessionStore(cookie).load() == {}

    def test_a_key_that_is_taken_is_drawn_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first = SessionStore()
        first.create()
        keys = iter([first.session_key, "another-key-0123456789"])
        monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda self: next(keys))
        second = SessionStore()
        second.create()
        assert second.session_key == "another-key-0123456789"


class TestMessages:
    def test_a_message_waits_in_the_session_for_the_next_page(self) -> None:
        session = SessionStore()
        session.create()
        waiting = self.storage(session)
        waiting.add(SUCCESS, "It is saved.")
        waiting.update(HttpResponse())
        session.save()
        later = self.storage(SessionStore(session.session_key))
        assert [message.message for message in later] == ["It is saved."]

    def storage(self, session: SessionStore) -> SessionStorage:
        request = RequestFactory().get("/")
        request.session = session
        return SessionStorage(request)


class TestLogEntries:
    def test_they_are_written_listed_and_joined(self, ann: Operator) -> None:
        alias = Alias(identifier="x")
        LogEntry.objects.log_actions(ann.pk, [alias], ADDITION, change_message=[{"added": {}}], single_object=True)
        entry = LogEntry.objects.filter(user=ann).select_related("user", "content_type").get()
        assert (entry.user, entry.content_type) == (ann, ContentType.objects.get_for_model(Alias))
        assert entry.get_change_message() == "Added."
        assert LogEntry.objects.filter(user__username="ann", content_type__model="alias").count() == 1
        assert LogEntry.objects.filter(user__username="bob").count() == 0

    def test_they_live_for_a_year(self, ann: Operator, empty_site: SiteTable) -> None:
        entry = LogEntry.objects.create(user=ann, object_repr="x", action_flag=ADDITION)
        item = empty_site.get(Key("django:django_admin_log", str(entry.pk)))
        assert item is not None
        assert abs(int(item["expires"]["N"]) - time.time() - 365 * 86_400) < 5

    def test_they_go_with_their_operator(self, ann: Operator) -> None:
        LogEntry.objects.create(user=ann, object_repr="x", action_flag=ADDITION)
        TOTPDevice.objects.create(user=ann, name="phone")
        StaticDevice.objects.create(user=ann, name="codes").token_set.create(token="one")
        removed = ann.delete()[1]
        assert {"admin.LogEntry": 1, "otp_totp.TOTPDevice": 1, "otp_static.StaticToken": 1}.items() <= removed.items()
        assert (LogEntry.objects.count(), TOTPDevice.objects.count(), StaticDevice.objects.count()) == (0, 0, 0)


class TestOneTimePasswords:
    def test_a_token_of_an_authenticator_is_taken_once(self, ann: Operator) -> None:
        device = TOTPDevice.objects.create(user=ann, name="phone", confirmed=True)
        token = totp_token(device)
        assert user_has_device(ann)
        assert verify_token(ann, device.persistent_id, token) == device
        assert verify_token(ann, device.persistent_id, token) is None
        device.refresh_from_db()
        assert device.last_t > 0

    def test_a_wrong_token_is_counted(self, ann: Operator) -> None:
        device = TOTPDevice.objects.create(user=ann, name="phone", confirmed=True)
        assert verify_token(ann, device.persistent_id, "000000") is None
        device.refresh_from_db()
        assert device.throttling_failure_count == 1
        assert verify_token(ann, device.persistent_id, totp_token(device)) is None  # throttled for a second

    def test_a_recovery_code_is_used_up(self, ann: Operator) -> None:
        device = StaticDevice.objects.create(user=ann, name="codes", confirmed=True)
        device.token_set.create(token="rescue-1")
        device.token_set.create(token="rescue-2")
        assert match_token(ann, "rescue-1") == device
        assert match_token(ann, "rescue-1") is None
        assert [token.token for token in device.token_set.all()] == ["rescue-2"]

    def test_devices_of_an_operator_are_found_by_kind(self, ann: Operator) -> None:
        TOTPDevice.objects.create(user=ann, name="phone", confirmed=True)
        TOTPDevice.objects.create(user=ann, name="not yet", confirmed=False)
        StaticDevice.objects.create(user=ann, name="codes", confirmed=True)
        assert sorted(device.name for device in devices_for_user(ann)) == ["codes", "phone"]
        assert sorted(device.name for device in devices_for_user(ann, for_verify=True)) == ["codes", "phone"]


class TestPermissions:
    def test_permissions_are_kept_and_found_by_their_content_type(self) -> None:
        kind = ContentType.objects.get_for_model(Alias)
        made = Permission.objects.create(name="May", content_type=kind, codename="may")
        assert Permission.objects.get(content_type__app_label="aliases", codename="may") == made
        assert Permission.objects.get_by_natural_key("may", "aliases", "alias") == made

    def test_groups_are_kept(self) -> None:
        group = Group.objects.create(name="readers")
        assert Group.objects.get(name="readers") == group
