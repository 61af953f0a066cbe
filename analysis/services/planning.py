"""Plans of a study: simulated by a job, kept as its result, found again by what they assume.

A plan is of stated numbers alone and shows nothing of a study. What is offered to begin with is estimated from its
reads, of no group; a study that hides its comparison offers none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any, cast

import pandas as pd
from django.contrib.auth.models import User
from django.urls import reverse

from analysis.services.result_cache import BeingComputed, cached_result
from analysis.stats.planning.estimated import estimated
from analysis.stats.planning.plan import planned
from analysis.stats.planning.setting import PlanError, Setting, all_words, read_setting
from analysis.stats.planning.simulation import Tally, counted, pieces, summed
from analysis.stats.result_types.plan import PlanResult
from analysis.stats.versions import program as this_program
from grading.models import Member, Study
from thighsite.jobs.kinds import InPieces, JobRefused, job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import start_job

NOT_COMPUTED = "This plan has not been simulated yet: start it on the page of planning."
OTHER_PROGRAM = "The site was changed since this plan was started: start it anew."


def plan_path(slug: str, setting: Setting) -> str:
    """Give the address of a plan, which says all of its setting."""
    return reverse("planning", args=[slug], query=all_words(setting))


def _page(job: Job) -> str:
    return plan_path(cast(Study, job.study).slug, read_setting(job.arguments["setting"]))


def _split(*, setting: dict[str, str], program: str) -> list[tuple[int, int]]:
    if program != this_program():  # whose counts would not go together with this one's
        raise JobRefused(OTHER_PROGRAM)
    return list(pieces(read_setting(setting)))


def _count(data_sets: tuple[int, int], *, setting: dict[str, str], **_program: str) -> list[tuple[int, ...]]:
    return [astuple(tally) for tally in counted(read_setting(setting), *data_sets)]


@job_kind(
    "plan",
    title="Simulation of the plan",
    roles=[Member.Role.INVESTIGATOR],
    result_page=_page,
    in_pieces=InPieces(_split, _count, "simulating data sets, in pieces"),
)
def work(_progress: Progress, counts: Sequence[Any], *, setting: dict[str, str], **_program: str) -> dict[str, Any]:
    """Make a plan of what was counted in the pieces of its simulation."""
    asked = read_setting(setting)
    return dict(planned(asked, summed(asked, [tuple(Tally(*numbers) for numbers in piece) for piece in counts])))


def start_plan(study: Study, setting: Setting, *, by: User) -> Job | None:
    """Have a worker simulate a plan, one of a study at a time: the job is that of another plan where one is under way.

    None where the answer is there.
    """
    if (last := job_of(study, setting)) and last.state == Job.State.DONE:
        return None
    return start_job(work, study=study, by=by, key=f"plan {study.pk}", **_arguments(setting))


def is_of(job: Job, setting: Setting) -> bool:
    """Say whether a job simulates this very plan."""
    return bool(job.arguments == _arguments(setting))


def job_of(study: Study, setting: Setting) -> Job | None:
    """Find the last job of a plan, as this program computes it."""
    return Job.objects.filter(study=study, kind=work.name, arguments=_arguments(setting)).first()


def plan_of(study: Study, setting: Setting) -> PlanResult:
    """Give a plan that was computed.

    Raises:
        BeingComputed: a job is at it.
        PlanError: nobody has started it, or it came to nothing.
    """
    job = job_of(study, setting)
    if job and job.is_active:
        raise BeingComputed
    if job is None or job.state != Job.State.DONE:
        raise PlanError(NOT_COMPUTED)
    return cast(PlanResult, job.result)


def starting_values(study: Study, *, may_compute: bool) -> dict[str, Setting]:
    """Estimate settings from the study's reads, by muscle; none while the comparison is hidden.

    Raises:
        BeingComputed: they are not there yet, and somebody else is computing them or this caller may not.
    """
    if not study.shows_comparison:
        return {}

    def compute(frame: pd.DataFrame, _version: str) -> Mapping[str, Any]:
        return {muscle: all_words(setting) for muscle, setting in estimated(frame, Setting()).items()}

    found = cached_result(study, "starting values of a plan", compute if may_compute else None)
    return {muscle: read_setting(words) for muscle, words in found.content.items()}


def _arguments(setting: Setting) -> dict[str, Any]:
    return {"setting": all_words(setting), "program": this_program()}
