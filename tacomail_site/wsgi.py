"""The WSGI application that Zappa and the laptop serve."""

import os

from django.core.wsgi import get_wsgi_application

from tacomail_site.environment import read_flag, read_required

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tacomail_site.settings")
if not read_flag("DJANGO_DEBUG"):
    read_required("DJANGO_SECRET_KEY", "a long random text that signs sessions and forms")
    read_required("DJANGO_ALLOWED_HOSTS", "the host names that the site answers to, comma separated")
    read_required("TACOMAIL_SITE_URL", "the public address: over https, cookies and redirects follow it")
application = get_wsgi_application()
