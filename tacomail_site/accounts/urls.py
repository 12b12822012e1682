from django.urls import path

from tacomail_site.accounts.views import (
    bookmarklet,
    operator_actions,
    operators,
    profile,
    session_pages,
    signing_in,
    tokens,
    two_step,
)

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("appearance/", profile.appearance, name="appearance"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/recovery/", signing_in.recovery, name="recovery"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", profile.password, name="password"),
    path("sessions/", session_pages.session_list, name="sessions"),
    path("sessions/<str:mark>/", session_pages.end, name="end_session"),
    path("sign-out-everywhere/", session_pages.sign_out_everywhere, name="sign_out_everywhere"),
    path("two-step/", two_step.set_up, name="two_step_set_up"),
    path("two-step/overview/", two_step.overview, name="two_step"),
    path("two-step/off/", two_step.switch_off, name="two_step_off"),
    path("two-step/recovery-codes/", two_step.recovery_codes, name="recovery_codes"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.new, name="new_token"),
    path("tokens/<str:digest>/revoke/", tokens.revoke, name="revoke_token"),
    path("connect/", tokens.connect, name="connect"),
    path("connect/<str:program>/", tokens.connect_program, name="connect_program"),
    path("bookmarklet/", bookmarklet.bookmarklet, name="bookmarklet"),
    path("add-operator/", operators.add, name="add_operator"),
    path("operators/", operators.operator_list, name="operators"),
    path("operators/<str:username>/", operators.operator, name="operator"),
    *(
        path(
            f"operators/<str:username>/{action.replace('_', '-')}/",
            operator_actions.act,
            {"action": action},
            name=f"operator_{action}",
        )
        for action in operator_actions.ACTIONS
    ),
]
