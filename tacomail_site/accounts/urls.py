from django.urls import path

from tacomail_site.accounts.views import profile, signing_in, two_step

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/recovery/", signing_in.recovery, name="recovery"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", profile.password, name="password"),
    path("sign-out-everywhere/", profile.sign_out_everywhere, name="sign_out_everywhere"),
    path("two-step/", two_step.set_up, name="two_step_set_up"),
    path("two-step/off/", two_step.switch_off, name="two_step_off"),
    path("two-step/recovery-codes/", two_step.recovery_codes, name="recovery_codes"),
]
