"""A reader's pages: the worklist, and the grading page with what it saves."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from grading import services
from grading.access import SignedInRequest, read_id_view, read_view, reader_read_or_404, reading_view
from grading.forms.sheet import GradingForm, Sheet
from grading.forms.worklist import WorklistForm
from grading.models import Read, Study
from grading.reader_queries import asked_about
from grading.reader_view import ReadingStudy, ViewerPage, Worklist, WorklistPage, render_reader_page
from grading.together import cases_together
from grading.views.case_page import case_page
from grading.views.json_bodies import body_of, description_request, grade_request
from grading.views.saving import FROZEN, in_words, save_sheet


@reading_view
def worklist(request: HttpRequest, study: Study) -> HttpResponse:
    form = WorklistForm(request.GET)
    listed = Worklist.of(study, request.user, form, page=request.GET.get("page"))
    together = cases_together(study, request.user)
    page = WorklistPage(ReadingStudy.of(study), listed, asked_about(study, request.user), together)
    return render_reader_page(request, page, status=200 if form.is_valid() else 422)


@reading_view
def viewer(request: HttpRequest, study: Study) -> HttpResponse:
    """Show the viewer in a window of its own, which asks for stacks read by read."""
    return render_reader_page(request, ViewerPage(ReadingStudy.of(study)))


@read_view(methods=("GET", "POST"))
def read(request: HttpRequest, read: Read) -> HttpResponse:
    """Show the grading page; POST saves all of it at once."""
    if request.method in ("GET", "HEAD"):
        return case_page(request, services.open_read(read))
    if refusal := save_sheet(request, read):
        return refusal
    messages.success(request, "Saved.")
    return redirect("read", pk=read.pk)


@read_id_view(methods=("POST",))
def save_grade(request: SignedInRequest, pk) -> HttpResponse:
    """Save one entry, sent as JSON: see grading.views.json_bodies. The answer is what is stored now."""
    try:
        stored = services.enter_grade(read_id=pk, reader_id=request.user.pk, **grade_request(body_of(request)))
    except Read.DoesNotExist:
        reader_read_or_404(request.user, pk)  # which says so where the case was taken out
        raise Http404 from None
    except services.ReadIsSignedOff:
        return JsonResponse({"error": FROZEN}, status=423)
    except services.VersionConflict as conflict:
        return JsonResponse({"error": str(conflict), "stored": asdict(conflict.stored)}, status=409)
    except ValidationError as error:
        reader_read_or_404(request.user, pk)  # nobody else learns what is wrong
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse(asdict(stored))


@read_view(methods=("POST",))
def describe(request: HttpRequest, read: Read) -> HttpResponse:
    """Save what changes of a description, sent as JSON: see grading.views.json_bodies.

    The answer is what is stored now.
    """
    try:
        changes, seen = description_request(body_of(request))
        form = GradingForm(services.description_of(read) | changes, sheet=Sheet.of(read))
        if not form.is_valid():
            raise ValidationError(in_words(form))
        read = services.describe_read(read=read, seen=seen, **{name: form.cleaned_data[name] for name in changes})
    except services.ReadIsSignedOff:
        return JsonResponse({"error": FROZEN}, status=423)
    except services.DescriptionConflict as conflict:
        return JsonResponse({"error": str(conflict), "stored": conflict.stored}, status=409)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse(services.description_of(read))
