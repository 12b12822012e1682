from django.contrib.admin.utils import quote, unquote
from django.urls import path, register_converter

from aliases.ui.held.bulk import change_many
from aliases.ui.held.views import held_list, held_page, message_file


class MessageId:
    """An id may hold slashes and anything else: it is named after an object in the bucket."""

    regex = "[^/]+"

    def to_python(self, text: str) -> str:
        return unquote(text)

    def to_url(self, message_id: str) -> str:
        return quote(message_id)


register_converter(MessageId, "message_id")

urlpatterns = [
    path("", held_list, name="held"),
    path("bulk/", change_many, name="held_bulk"),
    path("<message_id:message_id>/", held_page, name="held_message"),
    path("<message_id:message_id>/download/", message_file, name="held_download"),
]
