"""What is answered where there is nothing, in words or, to whoever asks for it, in JSON; and where the site failed."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template import loader
from django.views.defaults import page_not_found

from grading.access import wants_json


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, alike for what does not exist and for what is somebody else's."""
    if wants_json(request):
        return JsonResponse({"error": "There is no such page, or it is not yours."}, status=404)
    return page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without asking the database, which may be what failed. The id leads to the line with the traceback."""
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponseServerError(loader.render_to_string("500.html", context))
