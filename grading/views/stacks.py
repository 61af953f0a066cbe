"""The scan beside a case, for its reader: what there is of it, and its slices one by one."""

import gzip
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers

from grading.access import read_view
from grading.models import Read, Stack
from grading.reader_stacks import ShownScan, ShownStack, may_see_scan, version_of
from grading.slice_store import SliceMissing, read_slice
from thighsite.accepting import takes

VERSION = "of"
KEPT_SECONDS = 15 * 60  # by the browser of who has asked; after that it asks whether it may still show the slice


@read_view()
def stacks(request: HttpRequest, read: Read) -> HttpResponse:
    """Say what there is of the scan beside a read. It opens no case: the next one's is asked for ahead."""
    _judge(read)
    return JsonResponse(_in_json(read, ShownScan.of(read)))


@read_view()
def one_slice(request: HttpRequest, read: Read, sequence: str, number: int) -> HttpResponse:
    """Send a slice of an approved stack beside a read, packed as it is stored."""
    _judge(read)
    return send_slice_beside(request, read.pk, Stack.objects.shown_with(read).filter(sequence=sequence).first(), number)


def send_slice_beside(request: HttpRequest, beside: UUID, stack: Stack | None, number: int) -> HttpResponse:
    """Send a slice of the stack beside a case. Http404 where there is none, or another than was asked for."""
    if stack is None or number >= stack.slices:
        raise Http404
    version = version_of(beside, stack)
    if request.GET.get(VERSION, version) != version:
        raise Http404
    return send_slice(request, stack, number, f'"{version}-{number}"')


def send_slice(request: HttpRequest, stack: Stack, number: int, tag: str) -> HttpResponse:
    """Send a packed slice, unpacked to whom takes no gzip; 304 to whom has it. Http404 where it is missing."""
    if (known := get_conditional_response(request, etag=tag)) is not None:
        response = known
    else:
        try:
            packed = read_slice(stack.pk, number)
        except SliceMissing:
            raise Http404 from None
        response = HttpResponse(packed, content_type="application/octet-stream")
        if takes(request, "gzip"):
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.content = gzip.decompress(packed)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, must-revalidate"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response


def _judge(read: Read) -> None:
    """Raise Http404 for a case whose scan is not to be seen now, as for one that is not there."""
    if not may_see_scan(read):
        raise Http404


def _in_json(read: Read, scan: ShownScan) -> dict:
    return {
        "code": scan.code,
        "left": scan.left,
        "right": scan.right,
        "stacks": {stack.sequence: _of_stack(read, stack) for stack in scan.stacks},
        "next": reverse("read-stacks", args=[scan.following]) if scan.following else None,
    }


def _of_stack(read: Read, stack: ShownStack) -> dict:
    return stack.to_json(reverse("read-slice", args=[read.pk, stack.sequence, 0]))
