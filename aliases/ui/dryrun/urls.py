from django.urls import path

from aliases.ui.dryrun.views import dry_run_page

urlpatterns = [path("", dry_run_page, name="dry_run")]
