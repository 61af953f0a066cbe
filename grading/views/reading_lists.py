"""Reading lists: a reader's own cases on paper, and for whoever prepares scans which MRI each blind code stands for.

Only coordinators see the second: it names participants, and the order in which a reader meets them.
"""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from grading.access import Role, reading_view, study_view
from grading.csv import reading_lists as files
from grading.csv.lines import CONTENT_TYPE, for_excel
from grading.forms.reads import ReadingListsFilter
from grading.models import Study
from grading.models.read import ReadQuerySet
from grading.reader_view import ReadingListPage, ReadingStudy, render_reader_page
from grading.views.downloads import download
from grading.worklist import own_cases

PER_PAGE = 500  # as printed: ten sheets


@reading_view
def reading_list(request: HttpRequest, study: Study) -> HttpResponse:
    page = Paginator(_own(request, study), PER_PAGE).get_page(request.GET.get("page"))
    return render_reader_page(request, ReadingListPage.of(ReadingStudy.of(study), page))


@reading_view
def export_reading_list(request: HttpRequest, study: Study) -> StreamingHttpResponse:
    """Send the list without seal and slug, which depend on codes or may name the groups."""
    lines = files.export_reading_list(_own(request, study))
    if request.GET.get("excel") == "1":
        lines = for_excel(lines)
    headers = {"Content-Disposition": 'attachment; filename="reading-list.csv"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type=CONTENT_TYPE, headers=headers)


def _own(request: HttpRequest, study: Study) -> ReadQuerySet:
    return own_cases(study.pk, request.user).in_reading_order()


@study_view(Role.COORDINATOR)
def reading_lists(request: HttpRequest, study: Study) -> HttpResponse:
    form = ReadingListsFilter(request.GET, study=study)
    page = Paginator(form.reads(), PER_PAGE).get_page(request.GET.get("page"))
    chosen = request.GET.copy()
    chosen.pop("page", None)
    context = {"study": study, "form": form, "page": page, "chosen": chosen.urlencode()}
    return render(request, "grading/reading_lists.html", context, status=200 if form.is_valid() else 422)


@study_view(Role.COORDINATOR)
def export_reading_lists(request: HttpRequest, study: Study) -> HttpResponse | StreamingHttpResponse:
    form = ReadingListsFilter(request.GET, study=study)
    if not form.is_valid():
        wrong = "reader is the id of a reader of the study, cases is nothing or all.\n"
        return HttpResponse(wrong, status=422, content_type="text/plain")
    excel = request.GET.get("excel") == "1"
    return download(study, files.export_reading_lists(form.reads()), "reading-lists", excel=excel)
