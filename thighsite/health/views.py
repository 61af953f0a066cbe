"""Answers those who watch over the site: a container's health check, a load balancer, a monitor."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from thighsite.health import checks


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer that the process answers. Nothing else is asked, so that nothing else can keep it from answering."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer the container's health check: the application runs, reaches its database, and may write to it."""
    trouble = checks.database_trouble()
    return HttpResponse(f"{trouble or 'ok'}\n", content_type="text/plain", status=503 if trouble else 200)


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Name each thing that the site needs, with what is wrong with it.

    503 where requests would fail. Without a worker they go on, and where PostgreSQL limits nobody or another release is
    being started most of them: no load balancer should take the site away from its readers for it. Then the status
    alone says ``impaired``.
    """
    found = checks.look()
    wrong = {name for name, words in found.items() if words != checks.OK}
    status = "ready" if not wrong else "impaired" if wrong <= checks.BESIDE else "failing"
    return JsonResponse({"status": status, "checks": found}, status=503 if status == "failing" else 200)
