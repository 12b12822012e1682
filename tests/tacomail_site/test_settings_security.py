"""What the settings make of the environment: https in public, none on the laptop."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.tacomail_site.public import PUBLIC_SITE, run_python

LAPTOP = {"DJANGO_DEBUG": "1", "TACOMAIL_SITE_URL": "http://127.0.0.1:8000"}
SHOW = """
import json
from tacomail_site import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""
# Django's own answer to a request as the functions of AWS hand it on: headers go on a page that is not there too.
ASK = """
import json, sys
import django
django.setup()
from django.test import Client
scheme, host, path = sys.argv[1:]
answer = Client(headers={"host": host, "x-forwarded-proto": scheme}).get(path)
print(json.dumps({"status": answer.status_code, **{name.lower(): value for name, value in answer.headers.items()}}))
"""


def shown(environment: dict[str, str]) -> dict[str, Any]:
    """The settings in this environment, as a fresh interpreter reads them."""
    done = run_python("-c", SHOW, environment=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def asked(scheme: str, host: str = "aliases.example.com", path: str = "/nothing/here") -> dict[str, Any]:
    """The status and the headers, their names in small letters, that a visitor of a public site gets."""
    environment = {**PUBLIC_SITE, "DJANGO_SETTINGS_MODULE": "tacomail_site.settings"}
    done = run_python("-c", ASK, scheme, host, path, environment=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def public() -> dict[str, Any]:
    return shown(PUBLIC_SITE)


@pytest.fixture(scope="module")
def laptop() -> dict[str, Any]:
    return shown(LAPTOP)


HTTPS_ONLY = ("HTTPS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")


@pytest.mark.parametrize("name", HTTPS_ONLY)
def test_a_public_site_is_bound_to_https(public: dict[str, Any], name: str) -> None:
    assert public[name]


@pytest.mark.parametrize("name", [*HTTPS_ONLY, "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"])
def test_the_laptop_is_not(laptop: dict[str, Any], name: str) -> None:
    assert not laptop[name]


def test_neither_is_a_site_whose_address_nobody_gave() -> None:
    found = shown({})
    assert [name for name in HTTPS_ONLY if found[name]] == []


def test_browsers_remember_https_for_a_year(public: dict[str, Any]) -> None:
    assert public["SECURE_HSTS_SECONDS"] == 31_536_000


def test_aws_says_in_a_header_that_it_was_https(public: dict[str, Any]) -> None:
    assert public["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


@pytest.mark.parametrize(
    "address", ["https://aliases.example.com", "https://aliases.example.com/", " https://aliases.example.com "]
)
def test_forms_are_taken_from_the_sites_own_address(address: str) -> None:
    assert shown({**PUBLIC_SITE, "TACOMAIL_SITE_URL": address})["CSRF_TRUSTED_ORIGINS"] == [
        "https://aliases.example.com"
    ]


@pytest.mark.parametrize(
    "address", ["HTTPS://Aliases.example.com", "https://aliases.example.com/prod", "https://aliases.example.com/prod/"]
)
def test_the_origin_is_scheme_and_host_in_small_letters_without_a_path(address: str) -> None:
    found = shown({**PUBLIC_SITE, "TACOMAIL_SITE_URL": address})
    assert (found["HTTPS"], found["CSRF_TRUSTED_ORIGINS"]) == (True, ["https://aliases.example.com"])


def test_the_laptop_trusts_no_other_origin(laptop: dict[str, Any]) -> None:
    assert laptop["CSRF_TRUSTED_ORIGINS"] == []


@pytest.mark.parametrize("environment", [PUBLIC_SITE, LAPTOP], ids=["public", "laptop"])
def test_https_is_asked_of_no_other_host_and_that_is_no_finding(environment: dict[str, str]) -> None:
    found = shown(environment)
    assert not found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not found["SECURE_HSTS_PRELOAD"]
    assert found["SILENCED_SYSTEM_CHECKS"] == ["security.W005", "security.W021"]


def test_in_public_no_other_host_can_plant_a_cookie(public: dict[str, Any]) -> None:
    assert public["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert public["CSRF_COOKIE_NAME"] == "__Host-csrftoken"


def test_over_http_browsers_would_refuse_such_names(laptop: dict[str, Any]) -> None:
    assert (laptop["SESSION_COOKIE_NAME"], laptop["CSRF_COOKIE_NAME"]) == ("sessionid", "csrftoken")


def test_on_the_laptop_no_header_is_believed(laptop: dict[str, Any]) -> None:
    assert laptop["SECURE_PROXY_SSL_HEADER"] is None


def test_an_empty_secret_is_none() -> None:
    assert shown({**LAPTOP, "DJANGO_SECRET_KEY": " "})["SECRET_KEY"] == "insecure-outside-production"
    assert shown({**PUBLIC_SITE, "DJANGO_SECRET_KEY": " "})["SECRET_KEY"] == ""


@pytest.mark.parametrize("environment", [PUBLIC_SITE, LAPTOP], ids=["public", "laptop"])
def test_everywhere_cookies_stay_with_the_site_and_pages_out_of_frames(environment: dict[str, str]) -> None:
    found = shown(environment)
    assert found["SESSION_COOKIE_HTTPONLY"] is True
    assert (found["SESSION_COOKIE_SAMESITE"], found["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert found["X_FRAME_OPTIONS"] == "DENY"
    assert found["SECURE_REFERRER_POLICY"] == "same-origin"


def test_a_public_site_without_a_secret_has_none_to_sign_with() -> None:
    found = shown({name: value for name, value in PUBLIC_SITE.items() if name != "DJANGO_SECRET_KEY"})
    assert found["SECRET_KEY"] == ""


def test_a_public_site_answers_to_the_hosts_it_is_given_and_no_other(public: dict[str, Any]) -> None:
    assert public["ALLOWED_HOSTS"] == ["aliases.example.com"]
    assert shown({**PUBLIC_SITE, "DJANGO_ALLOWED_HOSTS": ""})["ALLOWED_HOSTS"] == []


def test_the_laptop_answers_to_its_own_names_alone(laptop: dict[str, Any]) -> None:
    assert laptop["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


def test_a_flag_that_is_neither_on_nor_off_is_an_error_that_names_it() -> None:
    done = run_python("-c", SHOW, environment={"DJANGO_DEBUG": "perhaps"})
    assert done.returncode != 0
    assert "DJANGO_DEBUG is 'perhaps': use one of 1, true" in done.stderr


def test_a_visitor_who_comes_over_http_is_sent_to_https() -> None:
    answer = asked("http")
    assert (answer["status"], answer["location"]) == (301, "https://aliases.example.com/nothing/here")


def test_a_visitor_who_comes_over_https_gets_the_page_and_its_safe_headers() -> None:
    answer = asked("https")
    assert answer["status"] == 404
    assert answer["strict-transport-security"] == "max-age=31536000"
    assert answer["x-frame-options"] == "DENY"
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["referrer-policy"] == answer["cross-origin-opener-policy"] == "same-origin"


def test_a_host_that_nobody_named_is_refused() -> None:
    assert asked("https", "evil.example.org")["status"] == 400


def test_the_checks_find_a_public_site_without_https() -> None:
    environment = {**PUBLIC_SITE, "TACOMAIL_SITE_URL": "http://aliases.example.com"}
    done = run_python("manage.py", "check", "--deploy", environment=environment)
    assert done.returncode == 1
    assert "(tacomail.E007) TACOMAIL_SITE_URL is http://aliases.example.com" in done.stderr


@pytest.mark.parametrize("path", ["/alias", "/domain/", "/api/v1/aliases", "/addy/api/v1/aliases", "/api/user_info/"])
def test_the_api_is_never_redirected_and_takes_no_token_over_http(path: str) -> None:
    found = asked("http", path=path)
    assert "location" not in found
    assert found["status"] in {403, 404}


@pytest.mark.parametrize("path", ["/aliases/", "/accounts/api/", "/held/alias/x"])
def test_other_paths_are_redirected_to_https_also_where_a_part_of_them_reads_like_one_of_the_api(path: str) -> None:
    assert asked("http", path=path)["location"].startswith("https://")
