"""URLs of signing in, below /accounts/ but for /session/. Only what the site uses of allauth: no sign-up, no e-mail."""

from allauth.account.views import login, logout, password_set, reauthenticate
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from grading.access import signed_in_view
from thighsite.sign_in.views import password, security, session

# allauth's views take PUT for POST and answer OPTIONS; this site's take what they know, and ask who is there first.
anybodys = require_http_methods(["GET", "HEAD", "POST"])
own = signed_in_view(methods=("GET", "POST"))

urlpatterns = [
    path("session/", session.session, name="session"),
    path("session/renew/", session.renew, name="renew-session"),
    path("accounts/login/", anybodys(login), name="login"),
    path("accounts/login/", anybodys(login), name="account_login"),  # the name by which allauth knows it
    path("accounts/logout/", anybodys(logout), name="logout"),
    path("accounts/logout/", anybodys(logout), name="account_logout"),
    path("accounts/reauthenticate/", own(reauthenticate), name="account_reauthenticate"),
    path("accounts/password/", password.change_password, name="change-password"),
    path("accounts/password/", password.change_password, name="account_change_password"),  # allauth's name for it
    path("accounts/password/first/", own(password_set), name="account_set_password"),
    path("accounts/set-password/<uidb64>/<token>/", anybodys(password.set_password), name="set-password"),
    path("accounts/security/", security.security, name="security"),
    path("accounts/security/sessions/", security.end_sessions, name="end-sessions"),
    path("accounts/second-factor/", own(security.to_security), name="mfa_index"),
    path("accounts/second-factor/authenticate/", anybodys(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/second-factor/reauthenticate/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/second-factor/app/", own(security.set_up_app), name="mfa_activate_totp"),
    path("accounts/second-factor/app/remove/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("accounts/second-factor/codes/", own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "accounts/second-factor/codes/new/", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path("accounts/passkeys/", own(security.to_security), name="mfa_list_webauthn"),
    path("accounts/passkeys/add/", own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("accounts/passkeys/login/", anybodys(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path(
        "accounts/passkeys/reauthenticate/", own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("accounts/passkeys/<slug:credential>/remove/", own(security.remove_passkey), name="mfa_remove_webauthn"),
]
if settings.OIDC_ISSUER:
    from allauth.socialaccount.views import login_cancelled, login_error

    urlpatterns += [
        path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("accounts/refused/", login_error, name="socialaccount_login_error"),
        path("accounts/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    ]
