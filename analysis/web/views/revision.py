"""The cheap question that an open page asks every second: has anything changed?"""

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse

from grading.access import Role, StudyRequest, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def revision(request: StudyRequest, study: Study) -> HttpResponse:
    """Answer with the study's revision; 304 while it is the one that the page has."""
    number = request.member.revision
    tag = f'"{number}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return JsonResponse({"revision": number}, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
