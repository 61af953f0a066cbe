"""Gives metrics to those whom settings name, and to nobody else."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from grading.access import refused_method
from thighsite.sign_in.trail import address_of


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus' text format. Http404 without the token, from an address that is not allowed."""
    if not (_has_token(request) or _is_near(request)):
        raise Http404
    if refused := refused_method(request, ("GET",)):
        return refused
    from thighsite.metrics.counting import exposed  # here: no site without metrics needs it

    return HttpResponse(exposed(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")


def _is_near(request: HttpRequest) -> bool:
    address = address_of(request) if settings.METRICS_ADDRESSES else None
    return address is not None and any(ip_address(address) in ip_network(each) for each in settings.METRICS_ADDRESSES)
