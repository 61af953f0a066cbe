"""The site's URLs: signing in, then grading, then analysis."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One way in, with the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler400 = "thighsite.refusals.handlers.bad_request"
handler403 = "thighsite.refusals.handlers.forbidden"
handler404 = "thighsite.refusals.handlers.not_found"
handler429 = "thighsite.refusals.handlers.too_many_requests"
handler500 = "thighsite.refusals.handlers.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("thighsite.health.urls")),
    path("", include("thighsite.metrics.urls")),
    path("", include("thighsite.sign_in.urls")),
    path("", include("thighsite.jobs.urls")),
    path("", include("thighsite.api.urls")),
    path("", include("grading.urls")),
    path("", include("analysis.urls")),
]
