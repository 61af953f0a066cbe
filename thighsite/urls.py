"""The site's URLs: accounts, then grading, then analysis."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path, reverse_lazy

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "accounts/password/", auth.PasswordChangeView.as_view(success_url=reverse_lazy("home")), name="change-password"
    ),
    path(
        "accounts/set-password/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(post_reset_login=True, success_url=reverse_lazy("home")),
        name="set-password",
    ),
    path("", include("grading.urls")),
    path("", include("analysis.urls")),
]
