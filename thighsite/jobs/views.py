"""A job's page, its JSON, and stopping it."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from grading.access import SignedInRequest
from thighsite.jobs.models import Job
from thighsite.jobs.sight import job_view
from thighsite.jobs.starting import ask_to_stop
from thighsite.jobs.words import JobInWords


@job_view()
def job(request: SignedInRequest, seen: Job) -> HttpResponse:
    return render(request, "jobs/job.html", {"job": JobInWords.of(seen), "study": seen.study})


@job_view()
def job_json(request: SignedInRequest, seen: Job) -> JsonResponse:
    return JsonResponse(asdict(JobInWords.of(seen)))


@job_view(methods=("POST",))
def stop_job(request: SignedInRequest, seen: Job) -> HttpResponse:
    ask_to_stop(seen)
    back = request.POST.get("next", "")
    if back.startswith("/") and _is_of_this_site(request, back):
        return HttpResponseRedirect(back)
    return redirect("job", seen.pk)


def _is_of_this_site(request: HttpRequest, back: str) -> bool:
    return url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
