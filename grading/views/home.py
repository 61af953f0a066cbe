"""Where one lands after signing in, and the few things that belong to no study."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from grading.access import SignedInRequest, StudyRequest, opening_view, show_groups_to, signed_in_view
from grading.models import Member, Study, Unblinded
from grading.roles import ROLE_BY_CODE, RoleSpec
from grading.services.studies import may_set_up_studies
from grading.services.unblinding import is_site_admin
from grading.services.unlocking import waiting_for_site_admin
from thighsite import theme


@dataclass(frozen=True)
class Place:
    """A study as a member may see it listed.

    Readers see a title and an address that name no group; so does whoever has not opened the study yet, for it may have
    been meant to be their reading study.
    """

    url: str
    title: str
    role: RoleSpec
    open_reads: int
    later_reads: int
    next_at: datetime | None
    is_unopened: bool

    @classmethod
    def of(cls, member: Member) -> "Place":
        role, study = ROLE_BY_CODE[member.role], member.study
        is_unopened = role.sees_groups and not member.is_unblinded
        url = reverse("open-study", args=[study.pk]) if is_unopened else _workplace(member)
        title = study.title if role.sees_groups and not is_unopened else study.title_for_readers
        return cls(url, title, role, member.open_reads, member.later_reads, member.next_at, is_unopened)


@signed_in_view()
def home(request: SignedInRequest) -> HttpResponse:
    """Send somebody with one study straight to work; let one with several, or who may set another up, choose."""
    own = Member.objects.filter(user=request.user, role__in=ROLE_BY_CODE).not_suspended()
    own = own.select_related("study", "user").with_unblinded()
    members = list(own.with_open_reads().order_by("study__created_at"))
    waiting = waiting_for_site_admin(request.user) if is_site_admin(request.user) else []
    may_set_up = may_set_up_studies(request.user)
    if len(members) == 1 and not waiting and not may_set_up:
        show_groups_to(members[0])
        return redirect(_workplace(members[0]))
    seen = {*Unblinded.objects.filter(user=request.user).values_list("study_id", flat=True)}
    context = {
        "may_set_up": may_set_up,
        "places": [Place.of(member) for member in members],
        "waiting": [unlock for unlock in waiting if unlock.study_id in seen],
        "unseen": sum(unlock.study_id not in seen for unlock in waiting),  # an address may name the groups
    }
    return render(request, "grading/home.html", context)


@opening_view
def open_study(request: StudyRequest, study: Study) -> HttpResponse:
    """Lead whoever opens a study for the first time from the list, which does not name it yet, to their work."""
    return redirect(_workplace(request.member))


def _workplace(member: Member) -> str:
    """Give the address where a member works. A slug may name the groups, so readers never see it."""
    role = ROLE_BY_CODE[member.role]
    return reverse(role.workplace, args=[member.study.slug if role.sees_groups else member.study_id])


@csrf_exempt  # a page from before the last sign-in may change how it looks; another site gains nothing by that
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
