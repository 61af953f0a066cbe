"""Who belongs to a study: inviting, giving roles, taking them away, suspending.

The database refuses what would touch reads: whoever has any stays a reader. It remembers who has opened what shows the
groups, and lets none of them become a reader, who must be blind to them.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from grading.codes.spelling import composed
from grading.models import Member, Read, Study, StudySite
from grading.roles import ROLES_WITH_SITES, WHO_HAS_A_SITE
from grading.services.accounts import Usernames, make_account, why_account_stays
from grading.services.database_words import in_words
from grading.services.reasons import checked_reason
from thighsite.acting import because
from thighsite.clock import database_now
from thighsite.sign_in.one_time_links import end_links, was_invited

Role = Member.Role
NOT_YOURSELF = "Your own role is changed by another coordinator, or by whoever runs the site."
NO_LONGER = "They no longer belong to this study: they were removed meanwhile."
CHANGED = "Somebody else has changed the role or study site of {} meanwhile. Nothing was changed now: look at the list."
NOT_YOURS = "You no longer coordinate the whole study: somebody else has changed that meanwhile."
TAKEN = (
    "That username is taken. If it is the person you mean, add them as somebody with an account. If you have just "
    "invited them, make a new link for them in the list."
)


@transaction.atomic
def invite(
    *,
    study: Study,
    username: str,
    full_name: str,
    role: str,
    site: StudySite | None = None,
    email: str = "",
    accept_similar: bool = False,
) -> Member:
    """Make an account and give it a role, of a coordinator or reader for one study site or for all.

    Raises:
        ValidationError: the role has no limits; the name cannot be had; or, with the code "similar", it is easily taken
            for another account's and that is not accepted.
    """
    _refuse_site(role, site)
    username = composed(username)
    names = Usernames.taken()
    if get_user_model().objects.filter(username__iexact=username).exists():
        raise ValidationError(TAKEN)
    if problem := names.why_not(username):
        raise ValidationError(problem)
    if not accept_similar and (similar := names.similar_to(username)):
        raise ValidationError(f"{similar} If they are two people, tick so below.", code="similar")
    try:
        with transaction.atomic():
            user = make_account(username)
    except IntegrityError:  # somebody else, or the same press once more, was quicker
        raise ValidationError(TAKEN) from None
    user.first_name, _, user.last_name = full_name.strip().rpartition(" ")
    user.email = email
    user.save(update_fields=["first_name", "last_name", "email"])
    return Member.objects.create(study=study, user=user, role=role, site=site)


@transaction.atomic
def give_role(*, study: Study, username: str, role: str, site: StudySite | None = None) -> Member:
    """Give somebody who has an account a role. ValidationError when there is none, or they have a role already."""
    _refuse_site(role, site)
    user = get_user_model().objects.filter(username=composed(username), is_active=True).first()
    if user is None:
        raise ValidationError("No account that can be added has that username. Capitals matter.")
    if member := Member.objects.filter(study=study, user=user).first():
        raise ValidationError(f"{username} is {member.role} of this study already.")
    _refuse_unblinded(study, user, role)
    member, made = Member.objects.get_or_create(study=study, user=user, defaults={"role": role, "site": site})
    if not made:
        raise ValidationError(f"{username} is {member.role} of this study already.")
    return member


@transaction.atomic
def change_role(
    *, member: Member, role: str, by: Any, site: StudySite | None = None, reason: str = "", was: str | None = None
) -> None:
    """Give a member another role, for one study site or for all.

    Args:
        was: what they were when that was shown, as ``role_and_site`` has it; None where nothing was.

    Raises:
        ValidationError: that breaks the blinding or takes reads from their reader, the role has no limits, or somebody
            else changed them meanwhile.
    """
    _refuse_site(role, site)
    reason = reason and checked_reason(reason)
    member = _locked(member, by)
    _refuse_changed(member, was)
    if member.role == role:
        return
    _refuse_unblinded(member.study, member.user, role)
    _refuse_with_reads(member)
    member.role, member.site = role, site
    with because(reason):
        member.save(update_fields=["role", "site"])


@transaction.atomic
def change_site(*, member: Member, site: StudySite | None, by: Any, reason: str = "", was: str | None = None) -> None:
    """Limit a coordinator or reader to another study site; with None, to none. ``was`` is as in ``change_role``.

    Raises:
        ValidationError: the role has no limits, it is oneself, a reader has open reads of other participants, or
            somebody else changed them meanwhile.
    """
    reason = reason and checked_reason(reason)
    Study.objects.select_for_update(no_key=True).get(pk=member.study_id)  # nobody is given reads meanwhile
    member = _locked(member, by)
    _refuse_changed(member, was)
    _refuse_site(member.role, site)
    member.site = site
    try:
        with because(reason), transaction.atomic():
            member.save(update_fields=["site"])
    except IntegrityError as error:
        raise ValidationError(in_words(error)) from error


@transaction.atomic
def remove(*, member: Member, by: Any, reason: str = "") -> bool:
    """Take somebody out of the study. ValidationError for yourself, or a reader with reads.

    Their account stays; but one that was made by an invitation, that nobody has used yet and that belongs to nothing
    else is deleted, so that its name is free for an invitation without the slip. Says whether it was.
    """
    reason = reason and checked_reason(reason)
    member = _locked(member, by)
    _refuse_with_reads(member)
    user = member.user
    with because(reason):
        member.delete()
        return end_unused(user)


@transaction.atomic
def suspend(*, member: Member, by: Any, reason: str) -> None:
    """Take a member's access away at once, until the suspension ends. Their reads stay as they are, and theirs.

    Raises:
        ValidationError: there is no reason, they are suspended already, or it is oneself.
    """
    _change_suspension(member, by, reason, database_now())


@transaction.atomic
def end_suspension(*, member: Member, by: Any, reason: str) -> None:
    """Give a suspended member their access back. Raises what ``suspend`` raises."""
    _change_suspension(member, by, reason, None)


def _change_suspension(member: Member, by: Any, reason: str, since: datetime | None) -> None:
    reason = checked_reason(reason)
    member = _locked(member, by)
    if (member.suspended_at is None) == (since is None):
        raise ValidationError(f"{member.user} is {'not suspended' if since is None else 'suspended already'}.")
    member.suspended_at = since
    with because(reason):
        member.save(update_fields=["suspended_at"])


def readers_of(study: Study) -> QuerySet:
    """Choose the readers of a study who can be given cases: those who are not suspended."""
    members = study.members.filter(role=Member.Role.READER).not_suspended()
    return get_user_model().objects.filter(pk__in=members.values("user")).order_by("username")


def may_have_a_new_link(member: Member) -> bool:
    """Say whether a coordinator may have a one-time link made anew.

    Only for an account that nobody has used yet and that belongs to this study alone: a link opens the account, with
    every role that it has.
    """
    return _is_unused(member.user) and not member.user.memberships.exclude(study=member.study).exists()


def end_unused(user: Any) -> bool:
    """End the links of an account that nobody has used, and that belongs to no study any more.

    Where it was made by an invitation, the account goes with them; says whether it did.
    """
    if not _is_unused(user) or user.memberships.exists():
        return False
    if was_invited(user) and why_account_stays(user) is None:
        user.delete()
        return True
    end_links(user)
    return False


def _is_unused(user: Any) -> bool:
    return user.last_login is None and not user.has_usable_password() and not user.is_staff


def _locked(member: Member, by: Any) -> Member:
    """Fetch a member as they are now, locked, together with who wants to change them; None for a command.

    Both rows in one order: of two coordinators who remove one another, the later one is none any more.

    Raises:
        ValidationError: it is oneself, the member is gone, or who wants it no longer coordinates the whole study.
    """
    if member.user == by:
        raise ValidationError(NOT_YOURSELF)
    both = Member.objects.select_for_update(of=("self",)).filter(study=member.study_id).select_related("study", "user")
    found = {each.user_id: each for each in both.filter(user__in=[member.user_id, by and by.pk]).order_by("pk")}
    if by and ((own := found.get(by.pk)) is None or not own.coordinates_whole_study):
        raise ValidationError(NOT_YOURS)
    if member.user_id not in found:
        raise ValidationError(NO_LONGER)
    return found[member.user_id]


def role_and_site(member: Member) -> str:
    """Write in short what a page shows of a member's role."""
    return f"{member.role} {member.site_id or ''}"


def _refuse_changed(member: Member, was: str | None) -> None:
    if was is not None and was != role_and_site(member):
        raise ValidationError(CHANGED.format(member.user))


def _refuse_site(role: str, site: StudySite | None) -> None:
    if site and role not in ROLES_WITH_SITES:
        raise ValidationError(WHO_HAS_A_SITE)


def _refuse_unblinded(study: Study, user: Any, role: str) -> None:
    if problem := study.why_not_blind(user, role):
        raise ValidationError(problem)


def _refuse_with_reads(member: Member) -> None:
    if member.has_reads:
        raise ValidationError(member.why_reader_for_good)


def has_letter_keys(read: Read) -> bool:
    """Say whether letters are keys of the grading page on their own, for the reader of a read."""
    return Member.objects.filter(study=read.study_id, user=read.reader_id, letter_keys=True).exists()


def choose_letter_keys(user: Any, chosen: bool) -> None:
    """Keep whether letters are keys of the grading page on their own, in every study that somebody reads for."""
    Member.objects.filter(user=user, role=Role.READER).update(letter_keys=chosen)
