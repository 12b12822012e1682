"""The site's settings, with what tests need: a key to sign with, and a password hash that takes no time."""

from tacomail_site import settings as site_settings
from tacomail_site.settings import *  # noqa: F403  a settings module extends another one by its names

SECRET_KEY = "only-for-tests-" * 4
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost"]
WHITENOISE_AUTOREFRESH = True  # nothing was collected into STATIC_ROOT
# Not used by the site; one more app of others that runs unchanged on the backend.
INSTALLED_APPS = [*site_settings.INSTALLED_APPS, "django_otp.plugins.otp_static"]
