from django.urls import path

from aliases.ui.stored.deleting import delete_messages
from aliases.ui.stored.views import alias_messages, download, folder_list, message_page

urlpatterns = [
    path("", folder_list, name="stored"),
    path("delete/<str:folder>/", delete_messages, name="stored_delete"),  # no folder is named so: aliases hold an @
    path("<str:folder>/", alias_messages, name="stored_alias"),
    path("<str:folder>/<str:name>/", message_page, name="stored_message"),
    path("<str:folder>/<str:name>/download/", download, name="stored_download"),
]
