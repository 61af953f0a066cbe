"""Whether letters are keys of the grading page on their own: chosen there, kept for its reader."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from grading.access import read_view
from grading.models import Read
from grading.services.members import choose_letter_keys


@read_view(methods=("POST",))
def letter_keys(request: HttpRequest, read: Read) -> HttpResponse:
    """Keep what was chosen, in every study that the reader reads for. The answer is what is stored now."""
    chosen = request.POST.get("letter_keys")
    if chosen not in ("on", "off"):
        return JsonResponse({"error": "letter_keys is on or off."}, status=422)
    choose_letter_keys(read.reader, chosen == "on")
    return JsonResponse({"letter_keys": chosen})
