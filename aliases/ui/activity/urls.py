from urllib.parse import quote, unquote

from django.urls import path, register_converter

from aliases.ui.activity.message import message_page
from aliases.ui.activity.views import activity_page


class LogIdentifier:
    """`<time>/<message id>/<address>` in a path. Anybody may send mail to any address, so it is encoded once more.

    A browser would take `..` between slashes for another page, and no line break may stand in a path at all.
    """

    regex = "(?s:.+)"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: str) -> str:
        moment, _, rest = value.partition("/")
        message_id, _, address = rest.partition("/")
        return "/".join(quote(part, safe="@+=:,;!$'*~") for part in (moment, message_id, address))


register_converter(LogIdentifier, "log_identifier")

urlpatterns = [
    path("", activity_page, name="activity"),
    path("<log_identifier:identifier>/", message_page, name="message"),
]
