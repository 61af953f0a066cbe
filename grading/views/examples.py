"""Example files and empty templates of the imports, for coordinators who begin."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from grading.access import Role, study_view
from grading.csv import examples
from grading.csv.lines import CONTENT_TYPE
from grading.models import Study


@study_view(Role.COORDINATOR, of_own_site=True)
def example(request: HttpRequest, study: Study, what: str) -> HttpResponse:
    return _file(examples.example(what, study), f"{what}.example.csv")


@study_view(Role.COORDINATOR, of_own_site=True)
def template(request: HttpRequest, study: Study, what: str) -> HttpResponse:
    return _file(examples.template(what), f"{what}.template.csv")


def _file(lines: Iterable[str], name: str) -> HttpResponse:
    """Send a file that holds nothing of the study, and so bears no seal."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse("".join(lines), content_type=CONTENT_TYPE, headers=headers)
