"""The site's URLs: signing in, then grading, then analysis."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One way in, with the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler404 = "thighsite.errors.not_found"
handler500 = "thighsite.errors.server_error"
handler429 = "thighsite.sign_in.views.password.too_many_requests"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("thighsite.sign_in.urls")),
    path("", include("thighsite.jobs.urls")),
    path("", include("grading.urls")),
    path("", include("analysis.urls")),
]
