"""Reading lists: a reader's own cases on paper, and for whoever prepares scans which MRI each blind code stands for.

Only coordinators see the second: it names participants, and the order in which a reader meets them.
"""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from grading.access import Role, reading_view, study_view
from grading.csv import reading_lists as files
from grading.forms.reads import ReadingListsFilter
from grading.models import Study
from grading.models.read import ReadQuerySet
from grading.reader_view import ReadingListPage, ReadingStudy, render_reader_page
from grading.views.downloads import download, is_for_excel, send
from grading.views.listing import chosen_of, page_of
from grading.worklist import own_cases

PER_PAGE = 500  # as printed: ten sheets


@reading_view
def reading_list(request: HttpRequest, study: Study) -> HttpResponse:
    page = page_of(request, _own(request, study), PER_PAGE)
    return render_reader_page(request, ReadingListPage.of(ReadingStudy.of(study), page))


@reading_view
def export_reading_list(request: HttpRequest, study: Study) -> StreamingHttpResponse:
    """Send the list without seal and slug, which depend on codes or may name the groups."""
    return send(files.export_reading_list(_own(request, study)), "reading-list.csv", excel=is_for_excel(request))


def _own(request: HttpRequest, study: Study) -> ReadQuerySet:
    return own_cases(study.pk, request.user).in_reading_order()


@study_view(Role.COORDINATOR, of_own_site=True)
def reading_lists(request: HttpRequest, study: Study) -> HttpResponse:
    form = ReadingListsFilter(request.GET, study=study)
    page = page_of(request, form.reads(), PER_PAGE)
    context = {"study": study, "form": form, "page": page, "chosen": chosen_of(request)}
    return render(request, "grading/reading_lists.html", context, status=200 if form.is_valid() else 422)


@study_view(Role.COORDINATOR, of_own_site=True)
def export_reading_lists(request: HttpRequest, study: Study) -> HttpResponse | StreamingHttpResponse:
    form = ReadingListsFilter(request.GET, study=study)
    if not form.is_valid():
        wrong = "reader is the id of a reader of the study, cases is nothing or all.\n"
        return HttpResponse(wrong, status=422, content_type="text/plain")
    lists = files.export_reading_lists(form.reads())
    return download(study, lists, "reading-lists", excel=is_for_excel(request))
