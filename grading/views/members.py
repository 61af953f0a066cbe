"""The part of the coordinator's pages that is about people: inviting, roles, removing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from grading.access import Role, study_view
from grading.forms.members import AddForm, InviteForm, RoleForm, roles_to_give
from grading.models import Member, Study, StudySite, TrailRecord
from grading.roles import ROLE_BY_CODE, ROLES_WITH_SITES
from grading.services import members
from grading.services.accounts import one_time_link
from grading.services.mailing import mail_link
from grading.words import counted
from thighsite.served_address import served_address
from thighsite.sign_in import sessions
from thighsite.sign_in.one_time_links import open_until
from thighsite.sign_in.trail import REFUSAL_DAYS, refused_tries

ACCOUNT_STAYS = "Their account stays, and they can be added again."
SEES_GROUPS = "They see the diagnosis groups as soon as they open the study, and can then never be its reader."
SEES = {  # of the roles that are blind to the groups
    Role.READER: "They see neither the diagnosis groups nor what others graded.",
    Role.ADJUDICATOR: "They see grades under letters and no diagnosis groups, and can never become the study’s reader.",
}
LIMITS: dict[str, str] = {
    Role.READER: "They are given MRIs of its participants alone. What they have signed off stays theirs.",
    Role.COORDINATOR: "They see and change its participants alone, and nothing that concerns the whole study.",
}
NO_LIMIT = "Nothing limits them any more."
FOR_ALL = "They are then for all study sites: nothing limits them."
INVITED_ANEW = (
    "They have never signed in: their link opens nothing any more, and they can be invited anew, under another name if "
    "this one was wrong."
)


@study_view(Role.COORDINATOR)
def people(request: HttpRequest, study: Study) -> HttpResponse:
    return _page(request, study)


@study_view(Role.COORDINATOR, methods=("POST",))
def invite(request: HttpRequest, study: Study) -> HttpResponse:
    """Make an account and show its one-time link, this once."""
    form = InviteForm(request.POST, study=study, auto_id="invite_%s")
    member = _filled_in(form, lambda data: members.invite(study=study, **data))
    return _link(request, study, member) if member else _page(request, study, invite_form=form, status=422)


@study_view(Role.COORDINATOR, methods=("POST",))
def add(request: HttpRequest, study: Study) -> HttpResponse:
    form = AddForm(request.POST, study=study, auto_id="add_%s")
    member = _filled_in(form, lambda data: members.give_role(study=study, **data))
    if not member:
        return _page(request, study, add_form=form, status=422)
    messages.success(request, f"{member.user} is now {ROLE_BY_CODE[member.role].with_article} of this study.")
    return redirect("members", slug=study.slug)


@study_view(Role.COORDINATOR, methods=("POST",))
def change_role(request: HttpRequest, study: Study, pk) -> HttpResponse:
    member, form = _member(study, pk), RoleForm(request.POST, study=study)
    if not form.is_valid():
        return _page(request, study, error="There is no such role to give.", status=422)
    role = ROLE_BY_CODE[form.cleaned_data["role"]]
    if role.code == member.role and "site" in request.POST and form.cleaned_data.get("site") != member.site:
        return _change_site(request, study, member, form.cleaned_data["site"])
    if role.code == member.role:
        messages.info(request, f"{member.user} is {role.with_article} already: nothing was changed.")
        return redirect("members", slug=study.slug)
    site = form.cleaned_data.get("site") if "site" in request.POST else member.site
    site = site if role.code in ROLES_WITH_SITES else None
    was = request.POST.get("was")
    act = partial(members.change_role, member=member, role=role.code, site=site, by=request.user, was=was)
    step = Step(
        title=f"Change the role of {member.user}",
        sentences=[
            f"{member.user} is {ROLE_BY_CODE[member.role].with_article} now, and becomes {role.with_article}.",
            SEES.get(Role(role.code), SEES_GROUPS),
            *_limit_in_words(study, role.code, site),
        ],
        button=f"Make {member.user} {role.with_article}",
        hidden={"role": role.code, "site": str(site.pk) if site else "", "was": was or members.role_and_site(member)},
    )
    return _confirm_or_do(request, study, member, act, step, f"{member.user} is now {role.with_article} of this study.")


def _limit_in_words(study: Study, role: str, site: StudySite | None) -> list[str]:
    """Say which study site somebody with a role is then for, where the study has any."""
    if not study.has_sites:
        return []
    return [f"They are then for the study site {site.code}. {LIMITS[role]}" if site else FOR_ALL]


def _change_site(request: HttpRequest, study: Study, member: Member, site: StudySite | None) -> HttpResponse:
    """Say what another limit does; once that is confirmed, set it."""
    named = f"the study site {site.code}" if site else "all study sites"
    step = Step(
        title=f"Change the study site of {member.user}",
        sentences=[
            f"{member.user}, {ROLE_BY_CODE[member.role].with_article}, is then for {named}.",
            LIMITS.get(member.role, "") if site else NO_LIMIT,
        ],
        button=f"Let {member.user} be for {named}",
        hidden={"role": member.role, "site": str(site.pk) if site else "", "was": members.role_and_site(member)},
    )
    act = partial(members.change_site, member=member, site=site, by=request.user, was=request.POST.get("was"))
    return _confirm_or_do(request, study, member, act, step, f"{member.user} is now for {named}.")


@study_view(Role.COORDINATOR, methods=("POST",))
def remove(request: HttpRequest, study: Study, pk) -> HttpResponse:
    member = _member(study, pk)
    act = partial(members.remove, member=member, by=request.user)
    step = Step(
        title=f"Remove {member.user}",
        sentences=[
            f"{member.user}, {ROLE_BY_CODE[member.role].with_article}, finds nothing of this study any more.",
            INVITED_ANEW if members.may_have_a_new_link(member) else ACCOUNT_STAYS,
        ],
        button=f"Remove {member.user} from the study",
        hidden={},
    )
    return _confirm_or_do(request, study, member, act, step, f"{member.user} no longer belongs to this study.")


@study_view(Role.COORDINATOR, methods=("POST",))
def suspend(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Take a member's access to the study away at once."""
    member = _member(study, pk)
    act = partial(members.suspend, member=member, by=request.user, reason=request.POST.get("reason", ""))
    return _carry_out(request, member, act, f"{member.user} is suspended: nothing of this study opens for them.")


@study_view(Role.COORDINATOR, methods=("POST",))
def end_suspension(request: HttpRequest, study: Study, pk) -> HttpResponse:
    member = _member(study, pk)
    act = partial(members.end_suspension, member=member, by=request.user, reason=request.POST.get("reason", ""))
    return _carry_out(request, member, act, f"{member.user} has access to this study again, as {member.role}.")


@study_view(Role.COORDINATOR, methods=("POST",))
def new_link(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Make another link, which ends the one before; and send it where the account has an address."""
    member = _member(study, pk)
    if not members.may_have_a_new_link(member):
        error = f"{member.user} has used the account already. Whoever runs the site can make a new link."
        return _page(request, study, error=error, status=422)
    return _link(request, study, member)


@study_view(Role.COORDINATOR, methods=("POST",))
def end_sessions(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """End the sessions of a member whose browser may be in other hands. They can sign in again."""
    member = _member(study, pk)
    ended = sessions.end(user=member.user, by=request.user, request=request, keep=request.session)
    messages.success(request, f"{counted(ended, 'session')} of {member.user} ended.")
    return redirect("members", slug=study.slug)


@dataclass(frozen=True)
class Step:
    """What the page between says before somebody is removed or gets another role."""

    title: str
    sentences: list[str]
    button: str
    hidden: dict[str, str]


def _confirm_or_do(
    request: HttpRequest, study: Study, member: Member, act: Callable[..., object], step: Step, sentence: str
) -> HttpResponse:
    """Show what will happen; once that is confirmed do it, with the reason that was given or none."""
    page = "grading/member_confirm.html", {"study": study, "member": member, "step": step}
    if "confirmed" in request.POST:
        reason = request.POST.get("reason", "").strip()
        return _carry_out(request, member, partial(act, reason=reason), sentence, page)
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except ValidationError as error:
        return _page(request, study, error=error.messages[0], status=422)
    return render(request, *page)


def _member(study: Study, pk) -> Member:
    try:
        return study.members.select_related("user", "study", "site").get(pk=pk)
    except Member.DoesNotExist:
        raise Http404 from None


def _filled_in(form, service: Callable[[dict], Member]) -> Member | None:
    """Return what the service makes of a form; what it refuses goes to the form, and None is returned."""
    if not form.is_valid():
        return None
    try:
        return service(form.cleaned_data)
    except ValidationError as error:
        form.add_error("username", error)
        return None


def _carry_out(
    request: HttpRequest, member: Member, act: Callable[[], object], sentence: str, page: tuple[str, dict] | None = None
) -> HttpResponse:
    """Do what a coordinator asks of a member, and show the sentence; or, on the page, why it cannot be done."""
    try:
        act()
    except ValidationError as error:
        refused = {"error": error.messages[0], "reason": request.POST.get("reason", "")}
        if page:
            template, shown = page
            return render(request, template, shown | refused, status=422)
        return _page(request, member.study, **refused, asked_of=member.pk, status=422)
    messages.success(request, sentence)
    return redirect("members", slug=member.study.slug)


def _link(request: HttpRequest, study: Study, member: Member) -> HttpResponse:
    link = one_time_link(member.user, by=request.user, site=served_address(request))
    until = open_until([member.user_id])[member.user_id]
    is_to_be_sent = settings.SENDS_MAIL and bool(member.user.email)
    is_sent = is_to_be_sent and mail_link(member=member, link=link, until=until, by=request.user)
    context = {"study": study, "member": member, "link": link, "until": until}
    context |= {"is_sent": is_sent, "is_unsent": is_to_be_sent and not is_sent}
    return render(request, "grading/invited.html", context)


def _reasons_of_suspensions(suspended: list[Member]) -> dict[str, str]:
    """Fetch from the trail why members are suspended, by their keys."""
    records = TrailRecord.objects.filter(table=Member._meta.db_table, key__in=[str(member.pk) for member in suspended])
    told = records.filter(after__has_key="suspended_at").order_by("id").values_list("key", "reason")
    return dict(told) if suspended else {}


def _page(request: HttpRequest, study: Study, *, status: int = 200, **context) -> HttpResponse:
    listed = list(study.members.select_related("user", "site").order_by("role", "user__username"))
    why_suspended = _reasons_of_suspensions([member for member in listed if member.suspended_at])
    people = [member.user_id for member in listed]
    refusals, links = refused_tries(people), open_until(people)
    context = {
        "study": study,
        "members": [
            (each, refusals.get(each.user_id, 0), why_suspended.get(str(each.pk), ""), links.get(each.user_id))
            for each in listed
        ],
        "now": timezone.now(),
        "sends_mail": settings.SENDS_MAIL,
        "refusal_days": REFUSAL_DAYS,
        "roles": roles_to_give(study),
        "sites": list(study.sites.all()),
        "roles_with_sites": ROLES_WITH_SITES,
        "invite_form": InviteForm(study=study, auto_id="invite_%s"),
        "add_form": AddForm(study=study, auto_id="add_%s"),
    } | context
    return render(request, "grading/members.html", context, status=status)
