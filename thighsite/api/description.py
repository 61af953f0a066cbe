"""The interface as django-ninja has it: it reads what operations take, and describes them in OpenAPI 3.1."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.security import HttpBearer

from grading.access import StudyRequest
from thighsite import __version__
from thighsite.api.guard import refusal
from thighsite.api.importing import router as importing
from thighsite.api.reading import router as reading
from thighsite.api.shapes import Refused
from thighsite.refusals.handlers import NOT_FOUND, NOT_UNDERSTOOD

PREFIX = "api/v1/"
NOT_ARRIVED = "A file of more than {} MB does not arrive."
AS_JSON = 'Send JSON, such as {"fingerprint": "…"}, with the header Content-Type: application/json.'
# Of every operation, before it is reached.
_BEFORE = {
    400: "What was sent could not be read.",
    401: "The token is not right.",
    403: "The token is not for this.",
    413: "What was sent is larger than the site takes.",
    422: "What was sent is not as described here, or cannot be.",
    429: "Too many wrong tokens came from this address.",
}


class PersonalToken(HttpBearer):
    """A personal token, which the guard has judged before: thighsite/api/guard.py."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "member", None)


class ScriptAPI(NinjaAPI):
    """django-ninja's, whose operations are called as their functions are, wherever those are kept."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = ScriptAPI(
    title="thighsite",
    version=__version__,
    description="What pages give and take, for scripts. A token is of one study: no address names any.",
    auth=PersonalToken(),
    openapi_url=None,
    docs_url=None,
)
api.add_router("", reading)
api.add_router("", importing)


@api.get("openapi.json", url_name="api-description", include_in_schema=False)
def description(request: StudyRequest) -> HttpResponse:
    """Describe the interface in OpenAPI 3.1."""
    return JsonResponse(described())


@api.exception_handler(ValidationError)
def _not_as_described(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [f"{each['loc'][-1]}: {each['msg']}." for each in error.errors]  # where that stood in, senders know
    if any(each["loc"][0] == "file" for each in error.errors):
        told.append(NOT_ARRIVED.format(settings.FILE_UPLOAD_MAX_MEMORY_SIZE // 2**20))
    return refusal(" ".join(told), 422)


@api.exception_handler(HttpError)
@api.exception_handler(RawPostDataException)
def _not_as_json(request: HttpRequest, error: HttpError | RawPostDataException) -> HttpResponse:
    """Refuse what is no JSON where that is asked for, such as a form: one with files has been read as one before.

    What django-ninja or an operation refuses with another status keeps that, and its words.
    """
    if isinstance(error, HttpError) and error.status_code != 400:
        return refusal(str(error), error.status_code)
    return refusal(f"{NOT_UNDERSTOOD} {AS_JSON}", 400)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal(NOT_FOUND, 404)


@cache  # django-ninja gives its addresses once
def operation_views() -> dict[str, Callable[..., Any]]:
    """Map the name of each operation to the view that does it."""
    patterns = (pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern))
    return {pattern.name: pattern.callback for pattern in patterns if pattern.name}


@cache
def described() -> dict[str, Any]:
    """Describe the interface, with what is refused before any operation."""
    schema = dict(api.get_openapi_schema(path_prefix=PREFIX))
    schema["components"]["schemas"]["Refused"] = Refused.json_schema()
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, said in _BEFORE.items():
                operation["responses"].setdefault(status, {"description": said, "content": content})
    return schema
