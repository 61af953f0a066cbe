"""The site's URLs and a leak of each kind, for the test of the crawler."""

import json

from django.core import signing
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path

from grading.models import Read, Study
from tests.blinding.marked_study import OTHER_GRADES, SECRETS
from thighsite.urls import handler429, urlpatterns

__all__ = ["handler429", "urlpatterns"]

SECRET = SECRETS["participant"]


def answer(text: str = "", status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(text, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def with_cookie(request, value: str) -> HttpResponse:
    response = answer()
    response.set_cookie("last", value)
    return response


def with_signed_cookie(request) -> HttpResponse:
    """In base64, as Django itself keeps messages unless it is told otherwise."""
    return with_cookie(request, signing.dumps([SECRET], compress=True))


def only_by(method: str):
    return lambda request: answer(SECRET if request.method == method else "")


LEAKS = {
    "body": lambda request: answer(f"<p>{SECRET}</p>"),
    "comment": lambda request: answer(f"<!-- {SECRET} -->"),
    "entities": lambda request: answer("".join(f"&#{ord(character)};" for character in SECRET)),
    "json": lambda request: JsonResponse({"mri": {"participant": SECRET}}),
    "escaped-json": lambda request: answer(json.dumps("".join(SECRET)).replace("P", "\\u0050")),
    "csv": lambda request: StreamingHttpResponse(iter(["participant,group\n", f"{SECRET},X\n"])),
    "header": lambda request: answer(X_Participant=SECRET),
    "file-name": lambda request: answer(Content_Disposition=f'attachment; filename="{SECRETS["slug"]}.csv"'),
    "cookie": lambda request: with_cookie(request, SECRET),
    "signed-cookie": with_signed_cookie,
    "redirect": lambda request: redirect(f"/studies/{SECRETS['slug']}/"),
    "not-found": lambda request: answer(SECRETS["other group name"], status=404),
    "refused": lambda request: JsonResponse({"error": SECRETS["other reader"]}, status=422),
    "failed": lambda request: answer(SECRETS["autoantibody"], status=500),
    "blind-code": lambda request: answer(f"Case {Read.objects.exclude(reader=request.user).first().code}"),
    "year": lambda request: answer(f"Scanned in {SECRETS['scan year']}."),
    "asked-for-json": lambda request: answer(SECRET if "json" in request.headers["accept"] else ""),
    "checked": lambda request: answer("".join(f'<input value="{grade}" checked>' for grade in OTHER_GRADES)),
    "scores": lambda request: JsonResponse({"scores": OTHER_GRADES}),
    "behind-a-link": lambda request: answer(SECRET if request.GET else '<a href="?all=1">All</a>'),
    "behind-a-form": lambda request: answer(
        SECRET if "sure" in request.POST else '<form method="post"><input name="sure" value="1"></form>'
    ),
} | {method.lower(): only_by(method) for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST")}
LEAKS["head"] = lambda request: answer(X_Participant=SECRET if request.method == "HEAD" else "")


def at_one_address(request, pk):
    """A leak at one of a URL's many addresses, to who asks in one way; the others are not there."""
    if pk != str(Study.objects.get(slug=SECRETS["slug"]).pk):
        return answer(status=404)
    return LEAKS["asked-for-json"](request) if request.method == "GET" else answer()


urlpatterns = [*urlpatterns, *(path(f"planted/{name}/", view) for name, view in LEAKS.items())]
urlpatterns += [path("planted/at-one-address/<pk>/", at_one_address)]
