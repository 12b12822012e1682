from django.urls import path

from aliases.ui.domains.removing import domain_remove
from aliases.ui.domains.views import domain_add, domain_list, domain_page, domain_switch

urlpatterns = [
    path("", domain_list, name="domains"),
    path("add/", domain_add, name="domain_add"),
    path("<str:name>/", domain_page, name="domain"),
    path("<str:name>/switch/", domain_switch, name="domain_switch"),
    path("<str:name>/remove/", domain_remove, name="domain_remove"),
]
