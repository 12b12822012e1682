from django.urls import path

from aliases.ui.listing.bulk import change_many
from aliases.ui.listing.deleted import deleted_list
from aliases.ui.listing.export import export
from aliases.ui.listing.views import alias_list

urlpatterns = [
    path("", alias_list, name="aliases"),
    path("bulk/", change_many, name="alias_bulk"),
    path("deleted/", deleted_list, name="aliases_deleted"),
    path("export.csv", export, name="aliases_export"),
]
