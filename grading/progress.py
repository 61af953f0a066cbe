"""How far the readers of a study have come."""

from dataclasses import dataclass

from django.db.models import Count, Q

from grading.models import Member, Read, Study


@dataclass(frozen=True)
class ReaderProgress:
    username: str
    assigned: int
    draft: int
    signed_off: int
    is_suspended: bool

    @property
    def total(self) -> int:
        return self.assigned + self.draft + self.signed_off


def progress_by_reader(study: Study) -> list[ReaderProgress]:
    """Count the reads of every reader by status, in one query; none of who has withdrawn, none for calibration."""
    participant = "user__reads__mri__participant"
    in_study = Q(**{f"{participant}__withdrawn_at": None, f"{participant}__is_calibration": False})
    in_study &= Q(user__reads__study=study)
    counts = {
        status: Count("user__reads", filter=in_study & Q(user__reads__status=status)) for status in Read.Status.values
    }
    readers = Member.objects.filter(study=study, role=Member.Role.READER).annotate(**counts)
    columns = ("user__username", *Read.Status.values, "is_suspended")
    rows = readers.annotate(is_suspended=Q(suspended_at__isnull=False)).order_by("user__username").values_list(*columns)
    return [ReaderProgress(*row) for row in rows]
