"""Where one lands after signing in, and the few things that belong to no study."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from grading.access import Role, signed_in_view
from thighsite import theme

WORKPLACE = {Role.READER: "worklist", Role.INVESTIGATOR: "comparison", Role.COORDINATOR: "data"}


@signed_in_view()
def home(request: HttpRequest) -> HttpResponse:
    """One study: straight to work. Several: choose."""
    members = list(request.user.memberships.select_related("study").with_open_reads().order_by("study__title"))
    if len(members) == 1:
        return redirect(WORKPLACE[members[0].role], slug=members[0].study.slug)
    places = [(member, WORKPLACE[member.role]) for member in members]
    return render(request, "grading/home.html", {"places": places})


def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back. Needs no account: the sign-in page has a theme, too."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    if (chosen := request.POST.get("theme")) in theme.THEMES:
        a_year = 365 * 24 * 3600
        response.set_cookie(
            theme.COOKIE, chosen, max_age=a_year, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return response


def health(request: HttpRequest) -> HttpResponse:
    """For the container's health check: the application answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
