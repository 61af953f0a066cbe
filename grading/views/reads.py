"""A reader's pages: the worklist, and the grading page with what it saves."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from grading import services
from grading.access import SignedInRequest, read_id_view, read_view, reader_read_or_404, reading_view, wants_json
from grading.forms.sheet import GradingForm, Sheet, as_words
from grading.models import Read, Study
from grading.reader_view import Case, CasePage, ClosedPage, ReadingStudy, Worklist, WorklistPage, render_reader_page
from grading.scale import SCALE
from grading.views.json_bodies import description_request, grade_request, seen_request
from grading.views.sign_off_password import check_password

FROZEN = "This read is signed off: its grades are frozen. Nothing was changed."


@reading_view
def worklist(request: HttpRequest, study: Study) -> HttpResponse:
    return render_reader_page(request, WorklistPage(ReadingStudy.of(study), Worklist.of(study, request.user)))


@read_view(methods=("GET", "POST"))
def read(request: HttpRequest, read: Read) -> HttpResponse:
    """Show the grading page; POST saves all of it at once."""
    if request.method in ("GET", "HEAD"):
        return _page(request, services.open_read(read))
    if refusal := _save(request, read):
        return refusal
    messages.success(request, "Saved.")
    return redirect("read", pk=read.pk)


@read_view(methods=("POST",))
def sign_off(request: HttpRequest, read: Read) -> HttpResponse:
    """Freeze the read, then on to the next scan.

    A plain form brings its grades along, which are saved first. The script says what it showed.
    """
    brings_grades = "feature" in request.POST and not read.is_signed_off
    if brings_grades and (refusal := _save(request, read)):
        return refusal
    try:
        check_password(request, read)
    except ValidationError as error:
        return _refusal(request, read, error, password=True)
    try:
        services.sign_off(read, seen=seen_request(request.POST["seen"]) if "seen" in request.POST else None)
    except services.SeenDiffers as changed:
        if changed.is_signed_off:
            return JsonResponse({"error": str(changed)}, status=423)
        return JsonResponse({"error": str(changed), "stored": [asdict(state) for state in changed.stored]}, status=409)
    except ValidationError as error:
        return _refusal(request, read, error)
    messages.success(request, f"Case {read.code} signed off.")
    following = Worklist.of(read.study, request.user).next_open(after=read)
    then = reverse("read", args=[following.pk]) if following else reverse("worklist", args=[read.study_id])
    return JsonResponse({"next": then}) if wants_json(request) else redirect(then)


@read_id_view(methods=("POST",))
def save_grade(request: SignedInRequest, pk) -> HttpResponse:
    """Save one entry, sent as JSON: see grading.views.json_bodies. The answer is what is stored now."""
    try:
        stored = services.enter_grade(read_id=pk, reader_id=request.user.pk, **grade_request(request.body))
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
        changes, seen = description_request(request.body)
        form = GradingForm(services.description_of(read) | changes, sheet=Sheet.of(read))
        if not form.is_valid():
            raise ValidationError(_in_words(form))
        read = services.describe_read(read=read, seen=seen, **{name: form.cleaned_data[name] for name in changes})
    except services.ReadIsSignedOff:
        return JsonResponse({"error": FROZEN}, status=423)
    except services.DescriptionConflict as conflict:
        return JsonResponse({"error": str(conflict), "stored": conflict.stored}, status=409)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse(services.description_of(read))


def _save(request: HttpRequest, read: Read) -> HttpResponse | None:
    """Store the whole form, or the page that says why not."""
    form = GradingForm(request.POST, sheet=Sheet.of(read))
    if not form.is_valid():
        return _page(request, read, form=form, errors=[_in_words(form)], status=422)
    try:
        services.save_sheet(read=read, description=form.description(), grades=form.grades())
    except services.ReadIsSignedOff:
        return _page(request, read, errors=[FROZEN], status=423)
    except services.SheetConflict as conflict:
        return _conflict(request, read, conflict.stored)
    except ValidationError as error:
        return _page(request, read, form=form, errors=error.messages, status=422)
    return None


def _conflict(request: HttpRequest, read: Read, stored: list[services.CellState]) -> HttpResponse:
    """Show the page with what was chosen, over the versions that its words name: saved again, it holds."""
    chosen = {name: value for name, value in request.POST.items() if not name.startswith("seen-")}
    now = ", ".join(f"{state.cell.label} is {as_words(state)} now" for state in stored)
    error = f"Graded differently elsewhere since this page was made: {now}. Nothing was saved. What you chose is still "
    form = GradingForm(chosen, sheet=Sheet.of(read))
    return _page(request, read, form=form, errors=[f"{error}shown: save again to keep it."], status=409)


def _page(request: HttpRequest, read: Read, *, form=None, errors=(), status=200) -> HttpResponse:
    study, worklist = ReadingStudy.of(read.study), Worklist.of(read.study, request.user)
    case = Case.of(read, worklist.place(read))
    if read.is_signed_off and worklist.is_reading_again:
        return render_reader_page(request, ClosedPage(study, case), status=status)
    form = form or GradingForm(sheet=Sheet.of(read))
    meaning = services.SIGN_OFF_MEANING
    page = CasePage(study, case, form, tuple(errors), SCALE, meaning)
    return render_reader_page(request, page, status=status)


def _refusal(request: HttpRequest, read: Read, error: ValidationError, **more: bool) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": " ".join(error.messages)} | more, status=422)
    return _page(request, read, errors=error.messages, status=422)


def _in_words(form: GradingForm) -> str:
    return " ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
