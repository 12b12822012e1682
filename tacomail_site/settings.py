"""Django settings. Every value that differs between installations comes from the environment (README, Environment)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from corsheaders.defaults import default_methods
from csp.constants import NONE, SELF

from aliases.api.paths import API_PATHS
from tacomail_site.environment import read_count, read_flag, read_list

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = read_flag("DJANGO_DEBUG")

# Empty is fine for commands that sign nothing; Django refuses to sign or serve with an empty key, and
# wsgi.py says at start which variable is missing.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "").strip() or ("insecure-outside-production" if DEBUG else "")
ALLOWED_HOSTS = read_list("DJANGO_ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])

INSTALLED_APPS = [
    "tacomail_site",
    "aliases",
    "tacomail_site.adminconfig.TacomailAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",  # answers pre-flights before anything else looks at them
    "tacomail_site.accounts.apicallers.ApiMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # first: static files too, where nobody compressed them before
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # so far out that the answers to errors of the others have it, too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tacomail_site.accounts.middleware.TwoStepMiddleware",
    "tacomail_site.accounts.middleware.PreferencesMiddleware",
    "tacomail_site.accounts.passwordagain.PasswordAgainMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tacomail_site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tacomail_site.accounts.preferences.appearance",
            ]
        },
    }
]

# No SQL anywhere. The table's name is read from POSTFIX_DYNAMODB_TABLE when the first statement runs.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "aliases.backend",
        "NAME": "",
        "OPTIONS": {
            "time_to_live": {
                "sessions.Session": "expire_date",
                "admin.LogEntry": 365,  # days
                "tacomail_site.UsedCode": "expires",
            }
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tacomail_site.Operator"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "tacomail"  # what authenticator apps show
TRUSTED_PROXIES = read_count("TACOMAIL_TRUSTED_PROXIES")  # reverse proxies in front that add to X-Forwarded-For
SESSION_COOKIE_AGE = 14 * 86_400  # seconds

# Behind a function URL or API Gateway every visitor comes over https; on the laptop nobody does.
SITE_URL = os.environ.get("TACOMAIL_SITE_URL", "").strip().rstrip("/")
HTTPS = SITE_URL.lower().startswith("https://")
SECURE_SSL_REDIRECT = HTTPS  # a custom domain may have port 80 open; the answer there is this and nothing else
# The function itself never sees https: AWS says it in this header. Nobody does on the laptop: nobody is believed there.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [API_PATHS.pattern.replace("/", "^", 1)]  # its clients follow none; http is refused there
SECURE_HSTS_SECONDS = 365 * 86_400 if HTTPS else 0  # the first visit alone may begin over http
# The site may be at the top of a domain whose other hosts are none of our business: a printer without https would be
# out of reach for a year, and preload cannot be taken back. Against cookies from such hosts, `__Host-` below helps.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # these two
SECURE_REFERRER_POLICY = "same-origin"  # addresses of pages hold aliases; CSRF protection over https needs it within
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Browsers take such a name only over https, from this very host, for all of it: no other host can plant one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_HTTPONLY = True  # scripts have no use for it
# Who follows a link in a mail is still signed in; a form on another site is sent without the session.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Where CloudFront stands in front, the function sees another host than the browser, and compares with this.
CSRF_TRUSTED_ORIGINS = ["/".join(SITE_URL.lower().split("/", 3)[:3])] if HTTPS else []
X_FRAME_OPTIONS = "DENY"
# Nothing from elsewhere, and neither scripts nor styles within a page: what a sender or an importer wrote into a text
# can do nothing, should it ever get out of its quotes.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the admin's style sheets hold small pictures
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# The API takes tokens in headers, which no browser sends by itself: pages from anywhere may call it, cookies left out.
CORS_URLS_REGEX = API_PATHS
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = default_methods
CORS_ALLOW_HEADERS = (
    "authorization",  # tokens; those of SimpleLogin's clients come in the next one
    "authentication",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-requested-with",  # from clients of addy.io, as the next one
    "x-requested-from",
    "x-sl-allowcookies",  # from SimpleLogin's extension
)
CORS_EXPOSE_HEADERS = ("etag", "link", "location", "retry-after")
DEFAULT_EXCEPTION_REPORTER_FILTER = "tacomail_site.errorreports.ErrorReportFilter"
# These two write down whole requests to the table at level DEBUG: keys of sessions, hashes of tokens, mail.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {name: {"level": "INFO"} for name in ("botocore", "pynamodb")},
}
API_CALLS_PER_MINUTE = read_count("TACOMAIL_API_CALLS_PER_MINUTE", 1_200)  # with one token; 0: as many as they like
API_ARNS = frozenset(read_list("TACOMAIL_API_ARNS"))  # who may call it by a signature that AWS has checked

LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "ui:aliases"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "aliases.api.swaggerfiles.SwaggerFinder",
]
WHITENOISE_USE_FINDERS = True  # without collectstatic, as on the laptop

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español")]  # each by its own name, for who cannot read ours
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
THEME_COOKIE_NAME = f"{COOKIE_PREFIX}theme"
