"""What is answered where there is nothing: words, or JSON to whoever asks for JSON."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import page_not_found

from grading.access import wants_json


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what does not exist and for what is somebody else's."""
    if wants_json(request):
        return JsonResponse({"error": "There is no such page, or it is not yours."}, status=404)
    return page_not_found(request, exception)
