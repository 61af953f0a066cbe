"""What is answered in place of a file that is being computed: to a browser, to what embeds it, and to a program."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from analysis.figure.print_form import PRINT_NAMES
from analysis.services.result_cache import BeingComputed
from analysis.web.question_request import AGAIN, is_page_load, refused_data, refused_page
from grading.models import Study

_TEMPLATE = "analysis/awaited_file.html"
_EMBEDDED = {"image", "embed", "object", "iframe"}  # Sec-Fetch-Dest of what stands in a page of somebody's
_OF_FILES = ("licence", "theme", "download", "wait", *PRINT_NAMES)  # what an address says of a file, not of its page
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 120" width="640" height="120">'
    '<rect width="640" height="120" fill="#fff" stroke="#777"/>'
    '<text x="320" y="66" font-family="sans-serif" font-size="18" fill="#333" text-anchor="middle">'
    "This figure is being computed. Load it again in a moment.</text></svg>"
)


def awaited_file(request: HttpRequest, study: Study, file: str, page: str, error: BeingComputed) -> HttpResponse:
    """Say of a file that it is being made: on a page that asks again by itself, to a program as data.

    A browser would keep the data as the file.

    Args:
        file: its name, in words.
        page: of the study, which offers it.
    """
    if not is_page_load(request):
        return refused_data(error)
    return refused_page(request, _TEMPLATE, _context(request, study, file, page), error)


def arrived_file(request: HttpRequest, study: Study, file: str, page: str) -> HttpResponse | None:
    """Lead a page that ``awaited_file`` had wait to the file, which is there; None for whoever did not wait.

    A page that waits stays as it is when a download begins, and would say for good that the file is being computed.
    """
    if not (is_page_load(request) and "wait" in request.GET):
        return None
    return render(request, _TEMPLATE, _context(request, study, file, page) | {"is_ready": True})


def _context(request: HttpRequest, study: Study, file: str, page: str) -> dict[str, Any]:
    """Name the file and its study, and the way back to the page that offers it, with the question that was asked."""
    query = request.GET.copy()
    for name in _OF_FILES:
        query.pop(name, None)
    back = f"{reverse(page, args=[study.slug])}{'?' if query else ''}{query.urlencode()}"
    return {"study": study, "file": file, "page": page, "back": back}


def awaited_figure(request: HttpRequest, study: Study, form: str, page: str, error: BeingComputed) -> HttpResponse:
    """Say of a figure that it is being made, as ``awaited_file``; what embeds an SVG gets a picture that says so.

    With 503, so that whoever checks its images or keeps them sees that this is not the figure.
    """
    if form == "svg" and request.headers.get("Sec-Fetch-Dest") in _EMBEDDED:
        headers = AGAIN | {"Cache-Control": "no-store"}
        return HttpResponse(_PICTURE, content_type="image/svg+xml", status=503, headers=headers)
    return awaited_file(request, study, "Figure", page, error)
