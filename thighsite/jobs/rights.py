"""Whose a job is: its study's members with one of its kind's roles, and of a job without a study, who started it."""

from django.contrib.auth.models import User

from grading.models import Member
from thighsite.jobs.kinds import Kind
from thighsite.jobs.models import Job


def member_for(user: User | None, job: Job, kind: Kind | None) -> Member | None:
    """Fetch the membership by which a user may start, see and stop a job of a study; None where there is none."""
    roles = kind.roles if kind else ()
    return Member.objects.of_study(pk=job.study_id).with_unblinded().filter(user=user, role__in=roles).first()


def may_still_start(job: Job, kind: Kind) -> bool:
    """Say whether who started a job could start it now: a member may have been suspended since, an account closed."""
    user = job.started_by
    if user is None:  # a program
        return True
    return user.is_active and (job.study_id is None or member_for(user, job, kind) is not None)
