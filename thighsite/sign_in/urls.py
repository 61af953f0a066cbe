"""URLs of signing in, below /accounts/ but for /session/. Only what the site uses of allauth: no sign-up, no e-mail."""

from allauth.account.views import login, logout, password_set, reauthenticate
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import include, path

from thighsite.sign_in.views import password, security, session

urlpatterns = [
    path("session/", session.session, name="session"),
    path("session/renew/", session.renew, name="renew-session"),
    path("accounts/login/", login, name="login"),
    path("accounts/login/", login, name="account_login"),  # the name by which allauth knows it
    path("accounts/logout/", logout, name="logout"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", password.change_password, name="change-password"),
    path("accounts/password/", password.change_password, name="account_change_password"),  # allauth's name for it
    path("accounts/password/first/", password_set, name="account_set_password"),
    path("accounts/set-password/<uidb64>/<token>/", password.set_password, name="set-password"),
    path("accounts/security/", security.security, name="security"),
    path("accounts/security/sessions/", security.end_sessions, name="end-sessions"),
    path("accounts/second-factor/", security.to_security, name="mfa_index"),
    path("accounts/second-factor/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/second-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/second-factor/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/passkeys/", security.to_security, name="mfa_list_webauthn"),
    path("accounts/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("accounts/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("accounts/passkeys/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("accounts/passkeys/<int:pk>/remove/", security.remove_passkey, name="mfa_remove_webauthn"),
]
if settings.OIDC_ISSUER:
    from allauth.socialaccount.views import login_cancelled, login_error

    urlpatterns += [
        path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("accounts/refused/", login_error, name="socialaccount_login_error"),
        path("accounts/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    ]
