"""Whose a job is: its study's members with one of its kind's roles, and of a job without a study, who started it.

A member who is limited to a study site has the jobs that they started themselves, and no others.
"""

from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from grading.access import limit_of
from grading.models import Member
from thighsite.jobs.kinds import Kind
from thighsite.jobs.models import Job


def member_for(user: User | None, job: Job, kind: Kind | None) -> Member | None:
    """Fetch the membership by which a user may start, see and stop a job of a study; None where there is none."""
    roles = kind.roles if kind else ()
    members = Member.objects.of_study(pk=job.study_id).with_unblinded().filter(user=user, role__in=roles)
    return members.filter(Q(site=None) | Q(user=job.started_by_id)).first()


def limit_of_job(job: Job) -> UUID | None:
    """Find the member to whose study site a job is limited, whatever it does: that of who started it."""
    if job.study_id is None or job.started_by_id is None:
        return None
    member = Member.objects.filter(study=job.study_id, user=job.started_by_id).first()
    return limit_of(member) if member else None


def may_still_start(job: Job, kind: Kind) -> bool:
    """Say whether who started a job could start it now: a member may have been suspended since, an account closed."""
    user = job.started_by
    if user is None:  # a program
        return True
    return user.is_active and (job.study_id is None or member_for(user, job, kind) is not None)
