"""The agreement of a large study, computed by a job: muscle by muscle, in pieces that all free workers share.

Its end is the cached result of the question, byte for byte what a request would have stored. All pieces are of one
state of the study: where that changes meanwhile the job fails, and a request computes.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

import pandas as pd
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from analysis.services.asked_agreement import AskedAgreement
from analysis.services.result_cache import BeingComputed, is_computed
from analysis.stats.agreement.result import PARTS, agreement_part, joined_agreement
from analysis.stats.result_types import AgreementResult
from analysis.stats.versions import program as this_program
from analysis.study_data.frame import progress as progress_of
from analysis.study_data.frame import revision as revision_of
from grading.models import Member, Study
from thighsite.jobs.kinds import InPieces, JobRefused, job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import start_job
from thighsite.jobs.taking_up import is_any_worker_alive

CHANGED = "The study's data changed while its agreement was computed. It is computed again when somebody looks at it."
OTHER_PROGRAM = "The site was changed since this was started. It is computed again when somebody looks at it."
NOT_AGAIN = timedelta(minutes=1)  # after a job came to nothing


def _page(job: Job) -> str:
    return reverse("agreement", args=[cast(Study, job.study).slug])


def _split(*, program: str, **_asked: Any) -> Sequence[str]:
    if program != this_program():  # whose numbers would not go together with this one's
        raise JobRefused(OTHER_PROGRAM)
    return PARTS


def _part(part: str, *, program: str, **asked: Any) -> AgreementResult:
    return agreement_part(_rows(**asked), part)


@lru_cache(maxsize=1)  # a worker does several pieces of a job
def _rows(of_study: str, question: str, named: str, revision: int) -> pd.DataFrame:
    found = AskedAgreement.of_key(Study.objects.get(pk=of_study), question)
    rows = found.rows()
    _check_unchanged(found, named, revision)
    return rows


def _check_unchanged(asked: AskedAgreement, named: str, revision: int) -> None:
    if (asked.now().key, revision_of(asked.study)) != (named, revision):
        raise JobRefused(CHANGED)


@job_kind(
    "agreement",
    title="Agreement of the readers",
    roles=[Member.Role.INVESTIGATOR],
    result_page=_page,
    in_pieces=InPieces(_split, _part, "computing the agreement, muscle by muscle"),
)
def work(
    _progress: Progress, parts: list[Any], *, of_study: str, question: str, named: str, revision: int, program: str
) -> None:
    """Store the agreement as the cached result of its question."""
    asked = AskedAgreement.of_key(Study.objects.get(pk=of_study), question)
    with suppress(BeingComputed):  # by a request, which stores the same
        asked.stored(lambda rows, version: joined_agreement(parts, rows, asked.study.slug, version, asked.question))
    _check_unchanged(asked, named, revision)  # last: what was stored for another state is undone
    _rows.cache_clear()


def hand_to_workers(asked: AskedAgreement) -> bool:
    """Have workers compute an agreement that is not there yet; False where the caller has to do so itself.

    That is where it takes no time, as where the study has changed but not its rows, nobody works on jobs, or a job came
    to nothing a moment ago.
    """
    jobs = Job.objects.filter(study=asked.study, kind=work.name, arguments__named=asked.key)
    if jobs.filter(state__in=Job.ACTIVE).exists():
        return True
    if progress_of(asked.study).reads_signed_off <= settings.AGREEMENT_AT_ONCE_READS or not is_any_worker_alive():
        return False
    of_earlier_data = Q(state=Job.State.DONE) & ~Q(arguments__revision=revision_of(asked.study))
    came_to_nothing = jobs.filter(ended_at__gt=Now() - NOT_AGAIN).exclude(of_earlier_data)
    if came_to_nothing.exists() or is_computed(asked.study, asked.key):
        return False
    start_job(work, study=asked.study, by=None, key=_once(asked), **_arguments(asked))
    return True


def _once(asked: AskedAgreement) -> str:
    return f"agreement {asked.study.pk} {sha256(asked.key.encode()).hexdigest()}"


def _arguments(asked: AskedAgreement) -> dict[str, Any]:
    return {
        "of_study": str(asked.study.pk),
        "question": asked.question.key if asked.question else "",
        "named": asked.key,
        "revision": revision_of(asked.study),
        "program": this_program(),
    }
