"""The grading page as an answer: the page of a case, or in its place one that says why it is not shown."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from grading import services
from grading.forms.sheet import GradingForm, Sheet
from grading.models import Read
from grading.reader_archive import ArchivedScan
from grading.reader_calibration import Target, beside_reference, is_admitted, last_agreement
from grading.reader_cases import CaseLink
from grading.reader_queries import waiting_queries_of
from grading.reader_stacks import has_scan
from grading.reader_view import (
    Beside,
    CalibratedPage,
    Case,
    CasePage,
    ClosedPage,
    ReadingStudy,
    Reopened,
    render_reader_page,
)
from grading.scale import SCALE
from grading.services.calibration import is_calibration
from grading.services.members import has_letter_keys
from grading.worklist import Neighbours, Progress, last_reopening, next_open


def case_page(
    request: HttpRequest,
    read: Read,
    *,
    form: GradingForm | None = None,
    errors: Sequence[str] = (),
    not_assessable_because: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page of a read; while there are re-reads to grade, one that is signed off is closed."""
    study, progress = ReadingStudy.of(read.study), Progress.at(read)
    case = Case.of(read, progress.place)
    if read.is_signed_off and is_calibration(read):
        return render_reader_page(request, _calibrated(study, case, read), status=status)
    if read.is_signed_off and progress.is_reading_again:
        closed = ClosedPage(study, case, services.may_take_back_until(read), waiting_queries_of(read))
        return render_reader_page(request, closed, status=status)
    page = CasePage(
        study,
        case,
        form or GradingForm(sheet=Sheet.of(read)),
        tuple(errors),
        SCALE,
        services.SIGN_OFF_MEANING,
        Beside.of(progress, Neighbours.of(read, progress)),
        services.may_take_back_until(read),
        Reopened.of(last_reopening(read)),
        has_letter_keys(read),
        not_assessable_because,
        has_scan(read),
        waiting_queries_of(read),
        ArchivedScan.of(read),
    )
    return render_reader_page(request, page, status=status)


def _calibrated(study: ReadingStudy, case: Case, read: Read) -> CalibratedPage:
    return CalibratedPage(
        study,
        case,
        beside_reference(read),
        last_agreement(read),
        Target.of(read.study),
        is_admitted(read.study, read.reader_id),
        None if study.is_locked else CaseLink.of(next_open(read)),
    )
