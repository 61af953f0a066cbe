"""The coordinator's list of participants, and the page of one: everything stored about them, and what was corrected."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grading.access import Role, study_view
from grading.forms.participants import ParticipantFilter
from grading.models import Read, Study, TrailRecord
from grading.trail.acts import one_by_one
from grading.trail.corrected_since import corrected_since
from grading.views.corrections.steps import participant_or_404
from grading.views.listing import chosen_of, page_of

PER_PAGE = 100


@study_view(Role.COORDINATOR, of_own_site=True)
def participants(request: HttpRequest, study: Study) -> HttpResponse:
    form = ParticipantFilter(request.GET, study=study)
    page = page_of(request, form.participants(), PER_PAGE)
    context = {"study": study, "form": form, "page": page, "chosen": chosen_of(request)}
    return render(request, "grading/participants.html", context, status=200 if form.is_valid() else 422)


@study_view(Role.COORDINATOR, of_own_site=True)
def participant(request: HttpRequest, study: Study, pk) -> HttpResponse:
    found = participant_or_404(study, pk)
    trail = TrailRecord.objects.of_study(study).about_participant(found.pk).newest_first()
    records = list(trail.with_what_they_tell_of())
    reads = Read.objects.filter(mri__participant=found).for_overview()
    context = {
        "study": study,
        "participant": found,
        "covariates": [(covariate, getattr(found, name)) for name, covariate in found.own_covariates.items()],
        "mris": found.mris.by_days(),
        "reads": [(read, corrected_since(records, read)) for read in reads],
        "history": one_by_one(records),
    }
    return render(request, "grading/participant.html", context)
