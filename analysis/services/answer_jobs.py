"""Answers that take long, computed by jobs: in parts, if the answer has any, which all free workers share.

Each kind of job is of one kind of `asked.Asked`, which says how it is cut. Its end is the cached result, byte for byte
what a request would have stored. All parts are of one state of the study: where that changes meanwhile the job fails,
and a request computes.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from analysis.services.asked import Asked, Given
from analysis.services.asked_agreement import AskedAgainst, AskedAgreement
from analysis.services.asked_comparison import AskedAllGroups, AskedComparison, AskedOrdinal, AskedPatternScore
from analysis.services.result_cache import BeingComputed, is_computed
from analysis.stats.versions import program as this_program
from analysis.study_data.frame import revision as revision_of
from grading.models import Member, Study
from thighsite.jobs.kinds import InPieces, JobRefused, Kind, job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import start_job
from thighsite.jobs.taking_up import is_any_worker_alive

CHANGED = "The study's data changed while this was computed. It is computed again when somebody looks at it."
OTHER_PROGRAM = "The site was changed since this was started. It is computed again when somebody looks at it."
NOT_AGAIN = timedelta(minutes=1)  # after a job came to nothing
PATIENCE = timedelta(seconds=20)  # with a job that no worker has begun, for all are at something else


def answers(*asked: Asked, may_compute: bool) -> list[dict[str, Any]]:
    """Give the answers to what is asked, from the cache, or computed now where that takes no worker.

    Raises:
        BeingComputed: some are not there yet, and somebody else is computing them or this caller may not.
    """
    found = {each.key: content for each in asked if (content := _found(each)) is not None}
    missing = [each for each in asked if each.key not in found]
    if missing and not may_compute:
        raise BeingComputed(_words(missing))
    handed = {each.key for each in missing if hand_to_workers(each)}
    found |= {each.key: each.computed() for each in missing if each.key not in handed}
    if handed:
        raise BeingComputed(_words(each for each in missing if each.key in handed))
    return [found[each.key] for each in asked]


def hand_to_workers(asked: Asked) -> bool:
    """Have workers compute an answer that is not there yet; False where the caller has to do so itself.

    That is where it takes no time, as where the study has changed but not its rows, nobody works on jobs or has come
    to this one for a while, or a job came to nothing a moment ago.
    """
    if not asked.is_long or not is_any_worker_alive():
        return False
    kind = KINDS[type(asked)]
    once = f"{kind.name} {asked.study.pk} {sha256(asked.key.encode()).hexdigest()}"
    jobs = Job.objects.filter(key=once)
    if active := jobs.filter(state__in=Job.ACTIVE):
        lately = Now() - PATIENCE
        is_begun = Q(state=Job.State.RUNNING) | Q(heard_from__gt=lately)
        if active.filter(is_begun | Q(made_at__gt=lately)).exists():
            return True
        active.filter(state=Job.State.WAITING).update(state=Job.State.STOPPED, ended_at=Now())  # the caller does it
        return False
    of_earlier_data = Q(state=Job.State.DONE) & ~Q(arguments__revision=revision_of(asked.study))
    came_to_nothing = jobs.filter(ended_at__gt=Now() - NOT_AGAIN).exclude(of_earlier_data)
    if came_to_nothing.exists() or is_computed(asked.study, asked.key):
        return False
    start_job(kind, study=asked.study, by=None, key=once, **_arguments(asked))
    return True


def _words(awaited: Iterable[Asked]) -> str:
    return " and ".join(dict.fromkeys(each.words for each in awaited))


def _found(asked: Asked) -> dict[str, Any] | None:
    try:
        return asked.found()
    except BeingComputed:
        return None


def _arguments(asked: Asked) -> dict[str, Any]:
    return {
        "of_study": str(asked.study.pk),
        "question": asked.question.key if asked.question else "",
        "named": asked.key,
        "revision": revision_of(asked.study),
        "program": this_program(),
    }


def _kind(of: type[Asked], name: str, *, title: str, page: str, doing: str) -> Kind:
    """Declare the kind of job that computes answers to what is asked of one kind."""

    def split(*, program: str, **_asked: Any) -> Sequence[str]:
        if program != this_program():  # whose numbers would not go together with this one's
            raise JobRefused(OTHER_PROGRAM)
        return of.parts

    def part(part: str, *, program: str, **arguments: Any) -> Any:
        asked, given = _given(of, **arguments)
        return asked.part(given, part)

    def work(
        _progress: Progress, parts: list[Any], *, of_study: str, question: str, named: str, revision: int, program: str
    ) -> None:
        """Store the answer as the cached result."""
        asked = of.of_key(Study.objects.get(pk=of_study), question)
        with suppress(BeingComputed):  # by a request, which stores the same
            asked.computed(parts)
        _check_unchanged(asked, named, revision)  # last: what was stored for another state is undone
        _given.cache_clear()

    def result_page(job: Job) -> str:
        return reverse(page, args=[cast(Study, job.study).slug])

    declare = job_kind(
        name,
        title=title,
        roles=[Member.Role.INVESTIGATOR],
        result_page=result_page,
        in_pieces=InPieces(split, part, doing),
    )
    return declare(work)


@lru_cache(maxsize=1)  # a worker does several parts of an answer
def _given(of: type[Asked], of_study: str, question: str, named: str, revision: int) -> tuple[Asked, Given]:
    asked = of.of_key(Study.objects.get(pk=of_study), question)
    given = asked.given()
    _check_unchanged(asked, named, revision)
    return asked, given


def _check_unchanged(asked: Asked, named: str, revision: int) -> None:
    if (asked.now().key, revision_of(asked.study)) != (named, revision):
        raise JobRefused(CHANGED)


KINDS: dict[type[Asked], Kind] = {
    AskedAgreement: _kind(
        AskedAgreement,
        "agreement",
        title="Agreement of the readers",
        page="agreement",
        doing="computing the agreement, muscle by muscle",
    ),
    AskedAgainst: _kind(
        AskedAgainst,
        "agreement-against",
        title="Readers beside adjudicated and reference grades",
        page="agreement",
        doing="comparing each reader with these grades, muscle by muscle",
    ),
    AskedComparison: _kind(
        AskedComparison,
        "comparison",
        title="Comparison of two groups",
        page="comparison",
        doing="computing the comparison",
    ),
    AskedAllGroups: _kind(
        AskedAllGroups,
        "all-groups",
        title="Tests over all groups",
        page="comparison",
        doing="computing the tests over all groups",
    ),
    AskedOrdinal: _kind(
        AskedOrdinal,
        "ordinal",
        title="Ordinal model",
        page="comparison",
        doing="fitting the ordinal model",
    ),
    AskedPatternScore: _kind(
        AskedPatternScore,
        "pattern-score",
        title="Pattern score",
        page="comparison",
        doing="scoring the participants by their patterns",
    ),
}
