"""Counts requests and their times. Imported only where a site has metrics: prometheus_client takes its time."""

import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import ValueClass

from thighsite.health import checks
from thighsite.jobs.models import Job

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
OF_MANY = "MultiProcess" in ValueClass.__qualname__  # the web server has several, which write into files

took = Histogram("thighsite_request_seconds", "Seconds until an answer.", ("view", "method", "status"), buckets=SECONDS)


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]):
    """Count each request by the name of its view. Middleware, above what may refuse one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = get_response(request)
        match = getattr(request, "resolver_match", None)
        view = (match.view_name or match._func_path) if match else "none"
        method = request.method if request.method in settings.COUNTED_METHODS else "other"
        took.labels(view, method, str(response.status_code)).observe(time.monotonic() - began)
        return response

    return middleware


class _AtThisMoment(Collector):
    """How the site is, asked when somebody looks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = checks.look()
        well = GaugeMetricFamily("thighsite_well", "1 for each thing that the site needs and has.", labels=["check"])
        for name, words in found.items():
            well.add_metric([name], float(words == checks.OK))
        yield well
        if found["database"] == found["migrations"] == checks.OK:  # else a question could wait for ever
            yield _jobs()


def _jobs() -> GaugeMetricFamily:
    jobs = GaugeMetricFamily("thighsite_jobs", "Jobs by their state.", labels=["state"])
    counted = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in Job.State.values:
        jobs.add_metric([state], counted.get(state, 0))
    return jobs


def exposed() -> bytes:
    """Write all metrics, over all processes of this web server, in Prometheus' text format."""
    registry = CollectorRegistry()
    if OF_MANY:
        MultiProcessCollector(registry)
    registry.register(_AtThisMoment())
    own = b"" if OF_MANY else generate_latest(REGISTRY)
    return own + generate_latest(registry)
