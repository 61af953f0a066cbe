"""A job in words and numbers, as its page and its JSON show it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job
from thighsite.jobs.taking_up import is_any_worker_alive

PATIENCE_SECONDS = 5  # a job that waits longer asks whether there is a worker at all
NO_WORKER = "Nothing works on jobs at the moment. Whoever runs the site has to start a worker."
WAITS = "It waits for its turn."
LONGER_THAN = 2  # seconds, before which nobody can say how long it will take


@dataclass(frozen=True)
class JobInWords:
    """What is shown of a job. ``total`` is None where nobody knows of how many."""

    id: str
    title: str
    state: str
    words: str
    done: int
    total: int | None
    seconds_left: int | None
    is_active: bool
    is_stop_asked: bool
    result_url: str

    @classmethod
    def of(cls, job: Job) -> "JobInWords":
        kind = find_kind(job.kind)
        shows_result = job.state == Job.State.DONE and kind is not None and kind.result_page is not None
        return cls(
            id=str(job.pk),
            title=kind.title if kind else job.kind,
            state=job.state,
            words=_words(job),
            done=job.done,
            total=job.total,
            seconds_left=_seconds_left(job),
            is_active=job.is_active,
            is_stop_asked=job.stop_asked_at is not None,
            result_url=kind.result_page(job) if shows_result and kind and kind.result_page else "",
        )

    @property
    def json_url(self) -> str:
        return reverse("job-json", args=[self.id])

    @property
    def stop_url(self) -> str:
        return reverse("stop-job", args=[self.id])


def _words(job: Job) -> str:
    if job.state == Job.State.WAITING:
        waits_long = (timezone.now() - job.made_at).total_seconds() > PATIENCE_SECONDS
        return NO_WORKER if waits_long and not is_any_worker_alive() else WAITS
    if job.state == Job.State.RUNNING:
        return _running(job)
    if job.state == Job.State.FAILED:
        return job.error
    return "It is done." if job.state == Job.State.DONE else "It was stopped. Nothing was changed."


def _running(job: Job) -> str:
    if job.stop_asked_at:
        return "It is being stopped."
    count = f"{job.done:,} of {job.total:,}" if job.total else f"{job.done:,}" if job.done else ""
    left = _seconds_left(job)
    parts = [job.doing or "It is being done", count, "" if left is None else f"about {_duration(left)} left"]
    said = ", ".join(part for part in parts if part)
    return f"{said[0].upper()}{said[1:]}."


def _seconds_left(job: Job) -> int | None:
    """Estimate by what the attempt has done so far; None while there is nothing to go by."""
    if job.state != Job.State.RUNNING or not (job.done and job.total and job.started_at):
        return None
    taken = (timezone.now() - job.started_at).total_seconds()
    return round(taken * (job.total - job.done) / job.done) if taken > LONGER_THAN else None


def _duration(seconds: int) -> str:
    number, unit = (seconds, "second") if seconds < 100 else (round(seconds / 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
