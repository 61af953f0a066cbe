"""What a script reads, each as CSV and as JSON: made by what pages and commands make theirs by."""

import csv
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from io import StringIO
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from ninja import Router

from analysis.bundle.tables import agreement_csv, result_csv
from analysis.services.looks import look_at
from analysis.services.result_cache import BeingComputed
from analysis.services.results import live_agreement, question_frame
from analysis.stats.frame.canonical import FRAME_COLUMNS, canonical_csv
from analysis.stats.question import Question
from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.study_data.frame import progress
from analysis.web.agreement_request import read_readers
from analysis.web.forms.question import BESIDE_THE_QUESTION, QuestionError
from analysis.web.question_request import REFUSED, read_question, refused_data
from grading.access import StudyRequest
from grading.csv import exports
from grading.csv.columns import GRADE_COLUMNS
from grading.csv.covariate_columns import participant_columns
from grading.csv.lines import CONTENT_TYPE, csv_lines
from grading.formats.rows import grade_rows
from grading.models import Member, Study
from grading.progress import progress_by_reader
from grading.views.downloads import download
from thighsite.api.guard import NOT_FOR_THIS, refusal
from thighsite.api.rows import csv_rows, json_rows
from thighsite.api.shapes import AS_CSV, FIRST_LAYOUT, QUESTION, READERS, Layout, Progress, ReaderProgress, Refused, Row

router = Router()
_REFUSALS = {(202, 403, 422): Refused}
_FRAME_COLUMNS = [column for name in FRAME_COLUMNS for column in GRADE_COLUMNS if column.name == name]


@router.get("participants.csv", url_name="api-participants-csv", openapi_extra=AS_CSV)
def participants_csv(request: StudyRequest) -> HttpResponseBase:
    """Read the participants, as the data page gives them and takes them."""
    return download(request.member.study, exports.export_participants(request.member.study), "participants")


@router.get("participants.json", url_name="api-participants", response=list[Row])
def participants(request: StudyRequest) -> HttpResponseBase:
    """Read the participants: an object for each row of the CSV."""
    return json_rows(
        csv_rows(exports.export_participants(request.member.study)), participant_columns(request.member.study)
    )


@router.get("grades.csv", url_name="api-grades-csv", openapi_extra=AS_CSV, response={422: Refused})
def grades_csv(
    request: StudyRequest, layout: Layout = FIRST_LAYOUT, signed_off: bool = False, without_grades: bool = False
) -> HttpResponseBase:
    """Read the grades of all reads that have any, in the columns of the data page's export."""
    chosen = {"signed_off_only": signed_off, "without_grades": without_grades}
    lines = exports.export_grades(request.member.study, layout=layout.value, **chosen)
    return download(request.member.study, lines, f"grades.{layout.value}")


@router.get("grades.json", url_name="api-grades", response=list[Row])
def grades(request: StudyRequest) -> HttpResponseBase:
    """Read the grades of all reads that have any: an object for each row of the long CSV."""
    return json_rows(grade_rows(request.member.study, "long"), GRADE_COLUMNS)


@router.get("progress.csv", url_name="api-progress-csv", openapi_extra=AS_CSV, response={403: Refused})
def progress_csv(request: StudyRequest) -> HttpResponseBase:
    """Read how far each reader has come. For coordinators."""
    if request.member.role != Member.Role.COORDINATOR:
        return refusal(NOT_FOR_THIS, 403)
    rows = _readers(request.member.study)
    lines = csv_lines(ReaderProgress.model_fields, (row.values() for row in rows))
    return download(request.member.study, lines, "progress")


@router.get("progress.json", url_name="api-progress", response=Progress)
def progress_json(request: StudyRequest) -> HttpResponseBase:
    """Read how far the reading has come; for coordinators, of each reader as well."""
    study = request.member.study
    is_coordinator = request.member.role == Member.Role.COORDINATOR
    readers = _readers(study) if is_coordinator else None
    return JsonResponse({"study": study.slug, **asdict(progress(study)), "readers": readers})


@router.get("frame.csv", url_name="api-frame-csv", openapi_extra=AS_CSV | QUESTION, response=_REFUSALS)
def frame_csv(request: StudyRequest) -> HttpResponseBase:
    """Read the canonical CSV that a question's answer is computed from, whose SHA-256 is its data version: a look."""
    return _answered(lambda: _sent(_frame(request)))


@router.get("frame.json", url_name="api-frame", openapi_extra=QUESTION, response={200: list[Row], **_REFUSALS})
def frame(request: StudyRequest) -> HttpResponseBase:
    """Read the frame that a question's answer is computed from, an object for each grade: a look."""
    return _answered(lambda: json_rows(csv.DictReader(StringIO(_frame(request), "")), _FRAME_COLUMNS))


@router.get("comparison.csv", url_name="api-comparison-csv", openapi_extra=AS_CSV | QUESTION, response=_REFUSALS)
def comparison_csv(request: StudyRequest) -> HttpResponseBase:
    """Read the comparison as the bundle's result.csv, a row for each muscle: a look."""
    return _answered(lambda: _sent(result_csv(_look(request)[1])))


@router.get(
    "comparison.json", url_name="api-comparison", openapi_extra=QUESTION, response={200: dict[str, Any], **_REFUSALS}
)
def comparison(request: StudyRequest) -> HttpResponseBase:
    """Read the comparison as `compare --format json` prints it: a look."""
    return _answered(lambda: JsonResponse(_look(request)[1]))


@router.get("agreement.csv", url_name="api-agreement-csv", openapi_extra=AS_CSV | READERS, response=_REFUSALS)
def agreement_as_csv(request: StudyRequest) -> HttpResponseBase:
    """Read the agreement: a row for each coefficient of each muscle, of all readers, of each pair, and of re-reads."""
    return _answered(lambda: _sent(agreement_csv(_agreement(request))))


@router.get(
    "agreement.json", url_name="api-agreement", openapi_extra=READERS, response={200: dict[str, Any], **_REFUSALS}
)
def agreement(request: StudyRequest) -> HttpResponseBase:
    """Read the agreement as `agreement --format json` prints it."""
    return _answered(lambda: JsonResponse(_agreement(request)))


def _readers(study: Study) -> list[dict[str, Any]]:
    """List how far each reader has come, by the names that the description has, and nothing else of them."""
    return [{name: getattr(each, name) for name in ReaderProgress.model_fields} for each in progress_by_reader(study)]


def _answered(answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer, or say why there is no answer."""
    try:
        return answer()
    except REFUSED as error:
        return refused_data(error)


def _look(request: StudyRequest) -> tuple[Question, ComparisonResult]:
    """Read what is asked, and look at the answer: recorded, as on the page."""
    asked = read_question(request, request.member.study)
    if beside := [name for name in BESIDE_THE_QUESTION if name in request.GET]:
        raise QuestionError(f"“{beside[0]}” cannot be asked for here.")
    live = look_at(study=request.member.study, user=request.user, question=asked.question)
    return asked.question, live.result


def _frame(request: StudyRequest) -> str:
    """Write the frame of the question that is asked. It shows the groups compared: a look.

    BeingComputed where the data changed after the look, which would not be of what is sent.
    """
    question, looked_at = _look(request)
    text = canonical_csv(question_frame(request.member.study, question))
    if sha256(text.encode()).hexdigest() != looked_at["data_version"]:
        raise BeingComputed
    return text


def _sent(csv_text: str) -> HttpResponse:
    return HttpResponse(csv_text, content_type=CONTENT_TYPE)


def _agreement(request: StudyRequest) -> AgreementResult:
    return live_agreement(request.member.study, read_readers(request, request.member.study))["agreement"]
