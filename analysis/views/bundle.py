"""The bundle: one comparison as a ZIP that anyone can check without this site."""

from django.http import HttpRequest, HttpResponse

from analysis.bundle import MixedVersionsError
from analysis.bundle import bundle as zip_of
from analysis.forms import QuestionError, QuestionForm
from analysis.frame import GroupsError, study_groups
from analysis.report import Question, contents
from grading.access import Role, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def bundle(request: HttpRequest, study: Study) -> HttpResponse:
    """The ZIP for this moment's data. It holds the groups compared: a look."""
    try:
        asked = QuestionForm(request.GET).asked()
        found = contents(study, Question(study_groups(study, asked["groups"]), asked["model"]), asked["set"])
        content = zip_of(found)
    except (QuestionError, GroupsError) as error:
        return _plainly(str(error), status=422)
    except MixedVersionsError:
        return _plainly("A read was signed off while the bundle was made. Try again.", status=503)
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{found.folder}.zip"',
            "Cache-Control": "private, no-store",
        },
    )


def _plainly(message: str, *, status: int) -> HttpResponse:
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
