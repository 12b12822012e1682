"""The paths of this dialect. They are mounted twice, below `/simplelogin/` and at the root."""

from __future__ import annotations

from django.urls import path

from aliases.api.simplelogin import account, aliases, changing, creating

urlpatterns = [
    path("api/alias/random/new", creating.random_new),
    path("api/v2/alias/custom/new", creating.custom_new_2),
    path("api/v3/alias/custom/new", creating.custom_new_3),
    path("api/v4/alias/options", creating.options_4),
    path("api/v5/alias/options", creating.options_5),
    path("api/v2/aliases", aliases.alias_list),
    path("api/aliases/<int:number>", aliases.alias),
    path("api/aliases/<int:number>/activities", aliases.activities),
    path("api/aliases/<int:number>/toggle", changing.toggle),
    path("api/aliases/<int:number>/contacts", changing.contacts),
    path("api/mailboxes", account.mailboxes),
    path("api/v2/mailboxes", account.every_mailbox),
    path("api/user_info", account.user_info),
    path("api/setting", account.settings),
    path("api/v2/setting/domains", account.domains),
    path("api/stats", account.stats),
    path("api/notifications", account.notifications),
    path("api/logout", account.logout),
    path("api/api_key", account.no_sign_in),
    path("api/auth/login", account.no_sign_in),
    path("api/auth/mfa", account.no_sign_in),
]
