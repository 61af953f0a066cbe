"""Files that leave the site: each with the newest seal of its study's trail, in its name and in a header."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from grading.csv.lines import CONTENT_TYPE, for_excel
from grading.models import Study
from grading.services.sealing import seal_trail

SEAL_HEADER = "X-Trail-Seal"


def download(
    study: Study,
    lines: Iterable[str],
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
    if excel and content_type == CONTENT_TYPE:
        lines = for_excel(lines)
    seal = seal_trail(study)
    sealed = f".seal-{seal.short}" if seal else ""
    headers = {
        "Content-Disposition": f'attachment; filename="{study.slug}.{name}{sealed}{suffix}"',
        "Cache-Control": "no-store",
    }
    if seal:
        headers[SEAL_HEADER] = str(seal)
    return StreamingHttpResponse(lines, content_type=content_type, headers=headers)
