"""Signing in again without leaving the page, so that a session that ended costs nothing that was entered."""

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token


def renew(request: HttpRequest) -> HttpResponse:
    """POST username and password; the answer carries the token that later requests need."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    user = authenticate(request, username=name.replace("\x00", ""), password=password.replace("\x00", ""))
    if user is None:
        return JsonResponse({"error": "That is not the password of this account."}, status=422)
    login(request, user)
    return JsonResponse({"csrf_token": get_token(request)})
