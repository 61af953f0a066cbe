"""Adjudicating: the pages of who decides, and what coordinators and investigators see of it."""

from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from grading.access import Role, StudyRequest, adjudicating_view, adjudication_case_view, study_view
from grading.adjudication_page import overview as overview_of
from grading.adjudicator_cases import EnteredRow, case_of, queue_of, shown_discrepancies
from grading.anatomy import Cell
from grading.forms.adjudicating import CHOICES, DecisionForm, RuleForm
from grading.models import AdjudicationCase, Member, Stack, Study
from grading.models.adjudication import Discrepancy
from grading.reader_stacks import ShownStack, side_by_side
from grading.reader_view import AdjudicationCasePage, AdjudicationQueuePage, ReadingStudy, render_reader_page
from grading.services.adjudicating import GradesDiffer, decide, draw_cases, set_rule
from grading.views.as_shown import STORED, store_as_shown
from grading.views.deciding_together import WHERE, check_all_confirm
from grading.views.listing import page_of
from grading.views.stacks import send_slice_beside
from thighsite.sign_in.trail import record_confirmation

PER_PAGE = 200
CHANGED = "Something changed since the page was shown. Nothing was stored; look at the grades as they are now."


@adjudicating_view
def queue(request: HttpRequest, member: Member) -> HttpResponse:
    """List what waits; cases that nobody has met yet are drawn."""
    study = member.study
    draw_cases(study)
    page = AdjudicationQueuePage(ReadingStudy.of(study), queue_of(study, member.user), study.by_consensus)
    return render_reader_page(request, page)


@adjudication_case_view(methods=("GET", "POST"))
def case(request: HttpRequest, case: AdjudicationCase) -> HttpResponse:
    """Show a case; on POST store what is decided of it."""
    shown = shown_discrepancies(case)
    if request.method != "POST":
        return _case_page(request, case, shown)
    open_ones = {Cell(each.muscle, each.side): each.grades for each in shown if each.settled is None}
    form = DecisionForm(request.POST, cells=open_ones)
    if request.POST.get("seen") != _seen(shown):
        return _case_page(request, case, shown, form, errors=[CHANGED], status=409)
    if not form.is_valid():
        errors = [str(text) for said in form.errors.values() for text in said]
        return _case_page(request, case, shown, form, errors=errors, status=422)
    present = shown[0].together
    confirmed = set()
    try:
        if present is not None:
            confirmed = check_all_confirm(request, {*present} - {request.user.pk})
        decided = decide(case=case, by=request.user, decisions=form.decisions, seen=open_ones, present=present)
    except ValidationError as error:
        return _case_page(request, case, shown, form, errors=error.messages, status=422)
    except GradesDiffer:
        return _case_page(request, case, shown_discrepancies(case), form, errors=[CHANGED], status=409)
    for person in confirmed:
        record_confirmation(request, person, WHERE)
    messages.success(request, f"Case {case.code}: {len(decided)} decided. The reads stay as they are.")
    if len(decided) == len(open_ones):
        return redirect("adjudication-queue", pk=case.study_id)
    return redirect("adjudication-case", pk=case.pk)


@adjudication_case_view(scan=True)
def stacks(request: HttpRequest, case: AdjudicationCase) -> HttpResponse:
    """Say what there is of the scan beside a case, as readers are told it."""
    shown = [ShownStack.of(stack, case.pk) for stack in _stacks(case).order_by("sequence")]
    names = [stack.sequence for stack in shown]
    left, right = side_by_side(names, case.study.left_sequence, case.study.right_sequence)
    described = {
        stack.sequence: stack.to_json(reverse("adjudication-slice", args=[case.pk, stack.sequence, 0]))
        for stack in shown
    }
    return JsonResponse({"code": case.code, "left": left, "right": right, "stacks": described, "next": None})


@adjudication_case_view(scan=True)
def one_slice(request: HttpRequest, case: AdjudicationCase, sequence: str, number: int) -> HttpResponse:
    """Send a slice of an approved stack beside a case, packed as it is stored."""
    return send_slice_beside(request, case.pk, _stacks(case).filter(sequence=sequence).first(), number)


@study_view(Role.COORDINATOR, Role.INVESTIGATOR, of_own_site=True)
def overview(request: StudyRequest, study: Study) -> HttpResponse:
    """Show what differs, what was decided, and how often each reader was overruled."""
    return _overview(request, study, RuleForm(instance=study))


@study_view(Role.COORDINATOR, methods=("POST",))
def change_rule(request: StudyRequest, study: Study) -> HttpResponse:
    """Set from which difference on discrepancies are adjudicated, and by whom."""

    def store(form: RuleForm) -> None:
        rule = form.cleaned_data
        set_rule(study=form.instance, least=rule["adjudicates_from"], by_consensus=rule["by_consensus"])

    form, status = store_as_shown(request, study, lambda locked: RuleForm(request.POST, instance=locked), store)
    if status != STORED:
        return _overview(request, study, form or RuleForm(instance=study), status=status)
    messages.success(request, "Saved.")
    return redirect("adjudication", slug=study.slug)


def _stacks(case: AdjudicationCase):
    return Stack.objects.approved().filter(mri=case.mri_id)


def _seen(shown: list[Discrepancy]) -> str:
    """Write in short what is to be decided between; it is sent back with what is decided."""
    cells = [(each.muscle, each.side, sorted(each.grades.items())) for each in shown if each.settled is None]
    return _digest(str(cells))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _case_page(
    request: HttpRequest,
    case: AdjudicationCase,
    shown: list[Discrepancy],
    form: DecisionForm | None = None,
    *,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    told = case_of(case, request.user, shown)
    sent = form.data if form else {}
    rows = tuple(
        EnteredRow(muscle, sent.get(f"score-{muscle.name}", ""), sent.get(f"reason-{muscle.name}", ""))
        for muscle in told.muscles
    )
    study = ReadingStudy.of(case.study)
    others = max(len(shown[0].together or ()) - 1, 0) if shown else 0
    names = tuple(sent.get(f"name-{number}", "") for number in range(1, others + 1))
    page = AdjudicationCasePage(study, told, CHOICES, rows, _seen(shown), tuple(errors or ()), names)
    return render_reader_page(request, page, status=status)


def _overview(request: StudyRequest, study: Study, form: RuleForm, *, status: int = 200) -> HttpResponse:
    told = overview_of(study)
    context = {
        "study": study,
        "changes": request.member.role == Role.COORDINATOR and not study.is_locked,
        "is_coordinator": request.member.role == Role.COORDINATOR,
        "told": told,
        "page": page_of(request, told.lines, PER_PAGE),
        "has_adjudicator": study.members.not_suspended().filter(role=Role.ADJUDICATOR).exists(),
        "form": form,
    }
    return render(request, "grading/adjudication.html", context, status=status)
