"""What each reader has signed off: for the study's report."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from grading.models import Read, Reopening, Study


@dataclass(frozen=True)
class SignOffs:
    """One reader's signed-off reads, those for calibration and of who has withdrawn left out.

    here: signed on this site, the first and the last of them at these times. imported: that a file brought in, which
    nobody signed here. reopened: how often one was opened again, by a coordinator or its reader.
    """

    reader: str
    here: int
    imported: int
    first: datetime | None
    last: datetime | None
    reopened: int


def sign_offs(study: Study) -> list[SignOffs]:
    """Count what each reader has signed off, those among them whose reads are all open again, in two queries."""
    reads = Read.objects.filter(study=study).for_comparison()
    here = Q(handed_out=True)
    counted = (
        reads.signed_off()
        .order_by()
        .values("reader__username")
        .annotate(
            here=Count("pk", filter=here),
            imported=Count("pk", filter=~here),
            first=Min("signed_off_at", filter=here),
            last=Max("signed_off_at", filter=here),
        )
    )
    reopenings = Reopening.objects.filter(read__in=reads.order_by().values("pk")).order_by()
    by_reader = reopenings.values_list("read__reader__username").annotate(Count("pk"))
    reopened: dict[str, int] = defaultdict(int, by_reader)
    signed: dict[str, Any] = {row["reader__username"]: row for row in counted}
    nothing: dict[str, Any] = {"here": 0, "imported": 0, "first": None, "last": None}
    return [
        SignOffs(
            reader=reader,
            reopened=reopened[reader],
            **{name: signed.get(reader, nothing)[name] for name in nothing},
        )
        for reader in sorted({*signed, *reopened})
    ]
