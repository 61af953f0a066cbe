"""URLs of the interface for scripts, and of making its tokens. A token is of one study, so no address names any."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from thighsite.api import views
from thighsite.api.guard import api_view


def operation(name: str, scope: str, method: str = "GET") -> Callable:
    """Guard the operation of the name. What describes and checks operations is imported with the first request."""

    @api_view(scope, method)
    def view(request: HttpRequest, **arguments: UUID) -> HttpResponse:
        from thighsite.api.description import operation_views  # here: neither a command nor a page needs it

        return operation_views()[name](request, **arguments)

    return view


def _path(route: str, name: str, *of: Any) -> Any:
    return path(f"api/v1/{route}", operation(name, *of), name=name)


urlpatterns = [
    path("accounts/tokens/new/", views.new_token, name="new-token"),
    path("accounts/tokens/<uuid:pk>/end/", views.end, name="end-token"),
    _path("openapi.json", "api-description", ""),
    _path("participants.csv", "api-participants-csv", "participants"),
    _path("participants.json", "api-participants", "participants"),
    _path("grades.csv", "api-grades-csv", "grades"),
    _path("grades.json", "api-grades", "grades"),
    _path("progress.csv", "api-progress-csv", "progress"),
    _path("progress.json", "api-progress", "progress"),
    _path("frame.csv", "api-frame-csv", "frame"),
    _path("frame.json", "api-frame", "frame"),
    _path("comparison.csv", "api-comparison-csv", "comparison"),
    _path("comparison.json", "api-comparison", "comparison"),
    _path("agreement.csv", "api-agreement-csv", "agreement"),
    _path("agreement.json", "api-agreement", "agreement"),
    _path("imports/participants", "api-look-at-participants", "import", "POST"),
    _path("imports/grades", "api-look-at-grades", "import", "POST"),
    _path("imports/<uuid:pk>", "api-import", "import"),
    _path("imports/<uuid:pk>/confirm", "api-confirm-import", "import", "POST"),
]
