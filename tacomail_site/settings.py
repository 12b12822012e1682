"""Django settings. Every value that differs between installations comes from the environment (README, Environment)."""

from __future__ import annotations

import os
from pathlib import Path

from tacomail_site.environment import read_flag, read_list

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = read_flag("DJANGO_DEBUG")

# Empty is fine for commands that sign nothing; Django refuses to sign or serve with an empty key, and
# wsgi.py says at start which variable is missing.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "insecure-outside-production" if DEBUG else "")
ALLOWED_HOSTS = read_list("DJANGO_ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])

INSTALLED_APPS = ["tacomail_site", "aliases"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tacomail_site.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES: dict[str, dict[str, object]] = {}  # records live in DynamoDB; the Django backend over them comes next
USE_TZ = True
TIME_ZONE = "UTC"
