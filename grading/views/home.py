"""Where one lands after signing in, and the few things that belong to no study."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from grading.access import SignedInRequest, signed_in_view
from grading.models import Member
from grading.roles import ROLE_BY_CODE, RoleSpec
from thighsite import theme


@dataclass(frozen=True)
class Place:
    """A study as a member may see it listed: readers see a title and an address that name no group."""

    url: str
    title: str
    role: RoleSpec
    open_reads: int

    @classmethod
    def of(cls, member: Member) -> "Place | None":
        """Make the place where a member works; None for a role that is not in the table."""
        role, study = ROLE_BY_CODE.get(member.role), member.study
        if role is None:
            return None
        url = reverse(role.workplace, args=[study.slug if role.sees_groups else study.pk])
        return cls(url, study.title if role.sees_groups else study.title_for_readers, role, member.open_reads)


@signed_in_view()
def home(request: SignedInRequest) -> HttpResponse:
    """Send somebody with one study straight to work; let one with several choose."""
    members = Member.objects.filter(user=request.user).select_related("study").with_open_reads()
    places = [place for member in members.order_by("study__created_at") if (place := Place.of(member))]
    if len(places) == 1:
        return redirect(places[0].url)
    return render(request, "grading/home.html", {"places": places})


def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back. Needs no account: the sign-in page has a theme, too."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    back = request.POST.get("next", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})):
        back = "/"
    response = HttpResponseRedirect(back)  # not redirect(), which would take a word for the name of a view
    if (chosen := request.POST.get("theme")) in theme.THEMES:
        a_year = 365 * 24 * 3600
        response.set_cookie(
            theme.COOKIE, chosen, max_age=a_year, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer the container's health check: the application runs and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
