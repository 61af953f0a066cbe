"""The site's URLs, and two views to measure beside them: one that does nothing, one that writes one row."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest, JsonResponse
from django.urls import path

from grading.access import signed_in_view
from thighsite.urls import urlpatterns as of_the_site


def nothing(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


@signed_in_view(methods=("POST",))
def one_row(request: HttpRequest) -> JsonResponse:
    """What Django itself has a table for: who changed what."""
    row = LogEntry.objects.create(user=request.user, action_flag=CHANGE, object_id="VL", change_message=request.body)
    return JsonResponse({"id": row.pk})


urlpatterns = [path("bench/nothing/", nothing), path("bench/one-row/", one_row), *of_the_site]
