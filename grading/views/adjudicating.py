"""Adjudicating: the pages of who decides."""

from collections.abc import Collection
from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from grading.access import adjudicating_view, adjudication_case_view
from grading.adjudicator_cases import EnteredRow, case_of, queue_of, shown_discrepancies, typed_in_words
from grading.anatomy import Cell
from grading.forms.adjudicating import CHOICES, NOTHING_TYPED, DecisionForm, typed_of
from grading.models import Adjudication, AdjudicationCase, Member, Stack
from grading.models.adjudication import Discrepancy
from grading.reader_stacks import ShownStack, side_by_side
from grading.reader_view import (
    AdjudicationCasePage,
    AdjudicationClosedPage,
    AdjudicationQueuePage,
    ReadingStudy,
    render_reader_page,
)
from grading.services.adjudicating import Decision, GradesDiffer, decide, draw_cases
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.together import OTHERS_DECIDE, open_case, why_closed
from grading.views.deciding_together import WHERE, check_all_confirm
from grading.views.stacks import send_slice_beside
from thighsite.sign_in.trail import record_confirmation

CHANGED = (
    "Something changed since the page was shown. Nothing was stored; look at grades and decisions as they are now."
)


@adjudicating_view
def queue(request: HttpRequest, member: Member) -> HttpResponse:
    """List what waits; cases that nobody has met yet are drawn."""
    study = member.study
    draw_cases(study)
    page = AdjudicationQueuePage(ReadingStudy.of(study), queue_of(study, member.user), study.by_consensus)
    return render_reader_page(request, page)


def _closed(request: HttpRequest, case: AdjudicationCase, why: str) -> HttpResponse:
    """Say why nothing of a case is decided now, with what was sent, so that it can be copied."""
    typed = tuple(typed_in_words(cell, *sent) for cell, sent in typed_of(request.POST, case.study.cells).items())
    study = ReadingStudy.of(case.study)
    page = AdjudicationClosedPage(study, case.code, why, case.study.by_consensus, typed)
    return render_reader_page(request, page, status=409)


@adjudication_case_view(methods=("GET", "POST"), closed=_closed)
def case(request: HttpRequest, case: AdjudicationCase) -> HttpResponse:
    """Show a case; on POST store what is decided of it, or corrected."""
    shown = shown_discrepancies(case)
    if request.method != "POST":
        return _case_page(request, case, shown)
    form = DecisionForm(request.POST, settled={each.cell: each.settled for each in shown})
    if case.study.is_locked:
        return _case_page(request, case, shown, form, kept=(), errors=[ENTRY_HAS_ENDED], status=422)
    if request.POST.get("seen") != _seen(shown):
        return _changed(request, case, shown, form)
    if not form.is_valid():
        errors = [str(text) for said in form.errors.values() for text in said]
        return _case_page(request, case, shown, form, errors=errors, status=422)
    try:
        decided = _store(request, case, shown, form.decisions)
    except ValidationError as error:
        return _case_page(request, case, shown, form, errors=error.messages, status=422)
    except GradesDiffer:
        if open_case(case.pk, request.user) is None:  # since this very moment: its grades are shown no more
            return _closed(request, case, why_closed(case, request.user) or OTHERS_DECIDE)
        return _changed(request, case, shown_discrepancies(case), form)
    return _stored(request, case, shown, decided)


def _store(
    request: HttpRequest, case: AdjudicationCase, shown: list[Discrepancy], decisions: list[Decision]
) -> list[Adjudication]:
    """Store what is decided, with who confirmed it; ValidationError or GradesDiffer where it is not."""
    present = shown[0].together
    confirmed = set() if present is None else check_all_confirm(request, {*present} - {request.user.pk})
    seen = {each.cell: each.grades for each in shown}
    decided = decide(case=case, by=request.user, decisions=decisions, seen=seen, present=present)
    for person in confirmed:
        record_confirmation(request, person, WHERE)
    return decided


def _stored(
    request: HttpRequest, case: AdjudicationCase, shown: list[Discrepancy], decided: list[Adjudication]
) -> HttpResponse:
    """Say what was stored, and lead on: to the list once nothing of the case is left to decide."""
    corrected = sum(each.corrects_id is not None for each in decided)
    new = len(decided) - corrected
    told = [f"{number} {what}" for number, what in ((new, "decided"), (corrected, "corrected")) if number]
    messages.success(request, f"Case {case.code}: {' and '.join(told)}. The reads stay as they are.")
    if new and new == sum(each.settled is None for each in shown):
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


def _stacks(case: AdjudicationCase):
    return Stack.objects.approved().filter(mri=case.mri_id)


def _seen(shown: list[Discrepancy]) -> str:
    """Write in short what is shown, with the decisions that stand; it is sent back with what is decided."""
    cells = [(each.muscle, each.side, sorted(each.grades.items()), str(each.settled)) for each in shown]
    return _digest(str(cells))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _changed(
    request: HttpRequest, case: AdjudicationCase, shown: list[Discrepancy], form: DecisionForm
) -> HttpResponse:
    """Show a case as it is now, beside what was sent.

    What was sent for a muscle that is decided by now is no correction of a decision that nobody had seen.
    """
    open_ones = {each.cell for each in shown if each.settled is None}
    return _case_page(request, case, shown, form, kept=open_ones, errors=[CHANGED], status=409)


def _case_page(
    request: HttpRequest,
    case: AdjudicationCase,
    shown: list[Discrepancy],
    form: DecisionForm | None = None,
    *,
    kept: Collection[Cell] | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    told = case_of(case, request.user, shown)
    kept = [each.cell for each in shown] if kept is None else kept
    typed = typed_of(form.data, case.study.cells) if form else {}
    rows = tuple(
        EnteredRow(muscle, *(typed.get(muscle.cell, NOTHING_TYPED) if muscle.cell in kept else NOTHING_TYPED))
        for muscle in told.muscles
    )
    left = tuple(typed_in_words(cell, *typed[cell]) for cell in typed if cell not in kept)
    study = ReadingStudy.of(case.study)
    others = max(len(shown[0].together or ()) - 1, 0) if shown else 0
    sent = form.data if form else {}
    names = tuple(sent.get(f"name-{number}", "") for number in range(1, others + 1))
    page = AdjudicationCasePage(
        *(study, told, CHOICES, rows, _seen(shown), tuple(errors or ()), names, left), case.study.by_consensus
    )
    return render_reader_page(request, page, status=status)
