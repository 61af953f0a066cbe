"""What waits, runs and was done in the background: site admins look at it and stop it, and enter or delete nothing."""

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse

from grading.admin.plain import ReadOnlyAdmin
from thighsite.jobs.kinds import all_kinds
from thighsite.jobs.models import Job, JobPiece
from thighsite.jobs.starting import ask_to_stop
from thighsite.jobs.taking_up import is_any_worker_alive
from thighsite.jobs.words import NO_WORKER, WAITS, JobInWords


class KindFilter(admin.SimpleListFilter):
    """Offers the kinds that this program knows, by their titles: those of all jobs take a look at each."""

    title, parameter_name = "job", "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return sorted(((kind.name, kind.title) for kind in all_kinds().values()), key=lambda named: named[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """The list of jobs. What a job was to do, and came to, may name participants: that is for its study alone."""

    list_display = ("what", "of_study", "by", "state", "said", "pieces_done", "made_at", "started_at", "ended_at")
    list_filter = ("state", KindFilter)
    list_select_related = ("study", "started_by")
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False
    actions = ("stop",)

    @admin.display(description="job")
    def what(self, job: Job) -> str:
        return JobInWords.of(job).title

    @admin.display(description="study", empty_value="–")
    def of_study(self, job: Job) -> str | None:
        return job.study.slug if job.study else None

    @admin.display(description="started by", empty_value="the site")
    def by(self, job: Job) -> str | None:
        return job.started_by.username if job.started_by else None

    @admin.display(description="how it stands")
    def said(self, job: Job) -> str:
        """Say what the job's own page says, but for the reason of a failure."""
        if job.state == Job.State.WAITING:
            return WAITS
        if job.state == Job.State.FAILED and job.study_id:
            return "It failed. The page of the job says why, to the members of the study whom it concerns."
        return JobInWords.of(job).words

    @admin.display(description="pieces done", empty_value="–")
    def pieces_done(self, job: Job) -> str | None:
        """Count the pieces of a job that is being done in pieces."""
        done, total = job._done_pieces, job._all_pieces  # type: ignore[attr-defined]
        return f"{done:,} of {total:,}" if total else None

    @admin.action(description="Stop: what waits is not begun, and what runs is undone", permissions=["stop"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Stop jobs whoever started them: one that runs away is the operator's to end."""
        active = [*queryset.filter(state__in=Job.ACTIVE)]
        for job in active:
            ask_to_stop(job)
        messages.info(request, f"Asked to stop: {len(active)}. What had ended stays as it is.")

    def has_stop_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        done, total = _count(~Q(result="")), _count(Q())
        return super().get_queryset(request).annotate(_done_pieces=done, _all_pieces=total)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if Job.objects.filter(state=Job.State.WAITING).exists() and not is_any_worker_alive():
            messages.warning(request, NO_WORKER)
        return super().changelist_view(request, extra_context)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return obj is None and super().has_view_permission(request)


def _count(which: Q) -> Subquery:
    """Count such pieces of each job that is shown, rather than of all that there are."""
    pieces = JobPiece.objects.filter(which, job=OuterRef("pk")).order_by().values("job")
    return Subquery(pieces.annotate(number=Count("pk")).values("number"))
