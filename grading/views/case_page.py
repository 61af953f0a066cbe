"""The grading page as an answer: the page of a case, or in its place one that says why it is not shown."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from grading import services
from grading.forms.sheet import GradingForm, Sheet
from grading.models import Read
from grading.reader_stacks import has_scan
from grading.reader_view import Beside, Case, CasePage, ClosedPage, ReadingStudy, Reopened, render_reader_page
from grading.scale import SCALE
from grading.services.members import has_letter_keys
from grading.worklist import Neighbours, Progress, last_reopening, own_reads


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
    study, progress = ReadingStudy.of(read.study), Progress.of(own_reads(read.study_id, request.user), at=read)
    case = Case.of(read, progress.place)
    if read.is_signed_off and progress.is_reading_again:
        return render_reader_page(request, ClosedPage(study, case, services.may_take_back_until(read)), status=status)
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
    )
    return render_reader_page(request, page, status=status)
