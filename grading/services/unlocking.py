"""Taking a lock back: a site admin and somebody of the study, of whom one asks and the other confirms."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import Member, Study, Unlock
from grading.roles import BLIND_ROLES
from grading.services.reasons import checked_reason
from grading.services.unblinding import is_site_admin
from thighsite.acting import because
from thighsite.clock import database_now

NOT_LOCKED = "The study is not locked."
LOCKED_ANEW = "The study was unlocked and locked again since this was asked: ask anew."
CONFIRMED = "{} confirmed this already, {:%Y-%m-%d %H:%M} UTC: the study was unlocked."
NOT_YOURS = "A site admin and a coordinator or investigator of the study unlock it: one asks, the other confirms."


@transaction.atomic
def ask_to_unlock(*, study: Study, by: Any, reason: str) -> Unlock:
    """Ask for a study to be unlocked, which somebody else has to confirm.

    Raises:
        ValidationError: there is no reason, the study is not locked, or they may not ask.
    """
    reason = checked_reason(reason)
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.locked_at is None:
        raise ValidationError(NOT_LOCKED)
    if not (is_site_admin(by) or _is_of_study(by, study)):
        raise ValidationError(NOT_YOURS)
    if study.unlocks.waiting().filter(asked_by=by).exists():
        raise ValidationError("You have asked for this already, and it waits for somebody to confirm it.")
    asked = {"asked_at": database_now(), "asked_by": by}
    with because(reason):
        return Unlock.objects.create(study=study, locked_at=study.locked_at, reason=reason, **asked)


@transaction.atomic
def confirm_unlock(*, unlock: Unlock, by: Any) -> None:
    """Unlock a study, as somebody else has asked. Its frozen frame stays; the next lock makes another.

    Raises:
        ValidationError: why this person cannot confirm it, or that it is no longer asked for.
    """
    study = Study.objects.select_for_update().get(pk=unlock.study_id)
    unlock.refresh_from_db()
    if unlock.taken_back_at:
        raise ValidationError("The request was taken back.")
    if unlock.confirmed_at:
        raise ValidationError(CONFIRMED.format(unlock.confirmed_by, unlock.confirmed_at))
    if study.locked_at != unlock.locked_at:
        raise ValidationError(NOT_LOCKED if study.locked_at is None else LOCKED_ANEW)
    if problem := why_not_confirm(unlock, by):
        raise ValidationError(problem)
    with because(unlock.reason):
        unlock.confirmed_at, unlock.confirmed_by = database_now(), by
        unlock.save(update_fields=["confirmed_at", "confirmed_by"])
        study.locked_at, study.locked_by = None, None
        study.save(update_fields=["locked_at", "locked_by"])


@transaction.atomic
def take_request_back(*, unlock: Unlock, by: Any) -> None:
    """Take back that one has asked for an unlock. The request stays on record.

    Raises:
        ValidationError: somebody else asked, it was confirmed, or it was taken back before.
    """
    Study.objects.select_for_update().get(pk=unlock.study_id)
    unlock.refresh_from_db()
    if unlock.asked_by != by:
        raise ValidationError(f"{unlock.asked_by} asked for this, and nobody else can take the request back.")
    if unlock.confirmed_at:
        raise ValidationError(CONFIRMED.format(unlock.confirmed_by, unlock.confirmed_at))
    if unlock.taken_back_at:
        raise ValidationError("The request was taken back already.")
    unlock.taken_back_at = database_now()
    unlock.save(update_fields=["taken_back_at"])


def waiting_for_site_admin(admin: Any) -> list[Unlock]:
    """List the requests for unlocking that a site admin can confirm, the oldest first."""
    waiting = Unlock.objects.waiting().exclude(asked_by=admin).select_related("study", "asked_by").order_by("asked_at")
    return [unlock for unlock in waiting if why_not_confirm(unlock, admin) is None]


def why_not_confirm(unlock: Unlock, by: Any) -> str | None:
    """Say why somebody cannot confirm an unlock; None if they can. The database refuses the same people."""
    asked = unlock.asked_by
    if by == asked:
        return "You asked for this yourself: somebody else confirms it."
    if is_site_admin(asked) and _is_of_study(by, unlock.study):
        return None
    if is_site_admin(by) and _is_of_study(asked, unlock.study):
        return None
    if is_site_admin(by):
        return f"{asked} is a site admin, so a coordinator or investigator of the study has to confirm this."
    return f"{asked} is not a site admin, so a site admin has to confirm this."


def _is_of_study(user: Any, study: Study) -> bool:
    """Say whether somebody is a coordinator or investigator of the study, and not suspended."""
    return Member.objects.filter(study=study, user=user).exclude(role__in=BLIND_ROLES).not_suspended().exists()
