"""Calibration: grades that readers are compared with before they read, how near they come, and who was admitted."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from grading import scale
from grading.anatomy import MUSCLE_CODES, SIDES
from grading.limits import MAX_REASON_LENGTH
from grading.models.mri import MRI
from grading.models.read import Read
from grading.models.study import Study


class ReferenceGrade(models.Model):
    """What the grade of one muscle of a calibration case should be. Readers see it once they have signed the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reference_grades")
    mri = models.ForeignKey(MRI, verbose_name="MRI", on_delete=models.CASCADE, related_name="reference_grades")
    feature = models.CharField(max_length=5, choices=Read.Feature)
    muscle = models.CharField(max_length=4)
    side = models.CharField(max_length=5)
    score = models.PositiveSmallIntegerField(null=True)
    not_assessable = models.BooleanField(default=False)

    class Meta:
        ordering = ("study", "mri", "feature")
        constraints = [
            models.UniqueConstraint(name="reference_once_per_muscle", fields=["mri", "feature", "muscle", "side"]),
            models.CheckConstraint(name="reference_feature", condition=Q(feature__in=list(scale.FEATURES))),
            models.CheckConstraint(name="reference_muscle", condition=Q(muscle__in=list(MUSCLE_CODES))),
            models.CheckConstraint(name="reference_side", condition=Q(side__in=list(SIDES))),
            models.CheckConstraint(
                name="reference_score_or_not_assessable",
                condition=Q(score__isnull=False, score__in=list(scale.SCORES), not_assessable=False)
                | Q(score=None, not_assessable=True),
            ),
        ]

    def __str__(self):
        return f"{self.feature} of {self.muscle} ({self.side})"


class Admission(models.Model):
    """That the study's own cases are open to a reader: the target was met, or a coordinator gave a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="admissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="admissions")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody where the target was met.",
    )
    reason = models.CharField(max_length=MAX_REASON_LENGTH, blank=True)

    class Meta:
        ordering = ("study", "at")
        constraints = [
            models.UniqueConstraint(name="admission_once_per_reader", fields=["study", "user"]),
            models.CheckConstraint(
                name="admission_by_target_or_with_a_reason",
                condition=Q(by=None, reason="") | Q(by__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.user} in {self.study}"


@dataclass(frozen=True)
class Agreement:
    """How near a reader came to the reference by one case, all signed-off calibration cases until then together.

    ``pairs`` are the muscles with a score in both. ``icc`` is ICC(2,1), ``kappa`` Cohen's with quadratic weights, and
    ``exact`` the share of equal scores; None where they do not exist, for too few grades or none that differ.
    """

    reader: int
    feature: str
    read: UUID
    signed_off_at: datetime
    cases: int
    pairs: int
    icc: float | None
    kappa: float | None
    exact: float | None


def running_agreement(study_id: UUID, reader_id: int | None = None) -> list[Agreement]:
    """Fetch the agreement with the reference after each case, in the order of sign-off: of one reader, or of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM grading_running_agreement(%s, %s)", [study_id, reader_id])
        return [Agreement(*row) for row in cursor.fetchall()]


def meets_target(study_id: UUID, reader_id: int) -> bool:
    """Ask the database whether a reader meets the study's target for calibration as it is now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT grading_meets_target(%s, %s)", [study_id, reader_id])
        return cursor.fetchone()[0]
