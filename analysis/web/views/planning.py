"""Planning: what a study of some size would show. No number of the study stands here while its comparison is hidden."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from analysis.services.planning import is_of, job_of, plan_of, plan_path, start_plan, starting_values
from analysis.services.result_cache import BeingComputed
from analysis.stats.planning.setting import PlanError, Setting, all_words, read_setting
from analysis.stats.question import UnanswerableError
from analysis.study_data.frame import progress
from analysis.web.pages.planning import OFFERED, answer, offers, parts
from analysis.web.planning_request import read_plan, said_words
from analysis.web.question_request import may_compute, refused_data
from grading.access import Role, StudyRequest, study_view
from grading.models import Study
from thighsite.jobs.models import Job
from thighsite.jobs.words import JobInWords

ANOTHER = "Another plan of this study is being simulated: start yours when it is done."


@study_view(Role.INVESTIGATOR)
def planning(request: HttpRequest, study: Study) -> HttpResponse:
    """Show the form, and of the setting in the address its job or its answer."""
    try:
        setting = read_plan(request.GET)
    except UnanswerableError as error:
        return _page(request, study, said_words(request.GET), status=422, error=error)
    context: dict[str, Any] = {"is_asked": bool(said_words(request.GET))}
    job = job_of(study, setting) if context["is_asked"] else None
    if job and job.state == Job.State.DONE:
        context |= answer(plan_of(study, setting), study.slug, setting)
    elif job:
        context["job"] = JobInWords.of(job)
    return _page(request, study, all_words(setting), setting, **context)


@study_view(Role.INVESTIGATOR, methods=("POST",))
def start(request: StudyRequest, study: Study) -> HttpResponse:
    """Have a plan simulated, and lead to its address."""
    sent = said_words(request.POST)
    try:
        setting = read_setting(sent)
    except PlanError as error:
        return _page(request, study, sent, status=422, error=error)
    job = start_plan(study, setting, by=request.user)
    if job and not is_of(job, setting):
        messages.info(request, ANOTHER)
        return redirect("job", job.pk)
    return redirect(plan_path(study.slug, setting))


@study_view(Role.INVESTIGATOR)
def planning_json(request: HttpRequest, study: Study) -> JsonResponse:
    """Answer with what `manage.py plan --format json` prints, once it is simulated."""
    try:
        return JsonResponse(plan_of(study, read_plan(request.GET)))
    except (UnanswerableError, BeingComputed) as error:
        return refused_data(error)


def _page(
    request: HttpRequest,
    study: Study,
    words: dict[str, str],
    setting: Setting | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context |= {"study": study, "parts": parts(words), "offered": OFFERED}
    try:
        found = starting_values(study, may_compute=may_compute(request, progress(study)))
        context["offers"] = offers(study.slug, found, setting or Setting())
    except BeingComputed:
        context["are_being_estimated"] = True
    return render(request, "analysis/planning.html", context, status=status)
