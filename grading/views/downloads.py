"""Files that leave the site: each with the newest seal of its study's trail, in its name and in a header."""

from collections.abc import Iterable
from typing import cast

from django.http import HttpRequest, StreamingHttpResponse

from grading.csv.lines import CONTENT_TYPE, for_excel
from grading.models import Study
from grading.services.sealing import seal_trail

SEAL_HEADER = "X-Trail-Seal"


def download(
    study: Study,
    lines: Iterable[str] | Iterable[bytes],
    name: str,
    *,
    suffix: str = ".csv",
    content_type: str = CONTENT_TYPE,
    excel: bool = False,
) -> StreamingHttpResponse:
    """Send an export, sealed before: study, ``name``, seal and ``suffix`` make the file's name.

    Args:
        excel: whether Excel is to open it: a CSV then begins with a byte order mark.
    """
    seal = seal_trail(study)
    sealed = f".seal-{seal.short}" if seal else ""
    response = send(lines, f"{study.slug}.{name}{sealed}{suffix}", content_type=content_type, excel=excel)
    if seal:
        response.headers[SEAL_HEADER] = str(seal)
    return response


def send(
    lines: Iterable[str] | Iterable[bytes], filename: str, *, content_type: str = CONTENT_TYPE, excel: bool = False
) -> StreamingHttpResponse:
    """Send a file as it is, without a seal, which depends on codes: what readers may have is sent so."""
    if excel and content_type == CONTENT_TYPE:
        lines = for_excel(cast("Iterable[str]", lines))  # a CSV is text
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type=content_type, headers=headers)


def is_for_excel(request: HttpRequest) -> bool:
    """Say whether an address asks for a file that Excel is to open."""
    return request.GET.get("excel") == "1"
