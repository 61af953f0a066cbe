"""MRIs: examinations of participants."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate

from grading.archive_link import ID_PATTERN, MAX_ID_LENGTH
from grading.models.code_field import CodeField
from grading.models.member import Member
from grading.models.participant import Participant
from grading.models.study import Study


class MRIQuerySet(models.QuerySet):
    """The vocabulary for choosing MRIs. Every method chains."""

    def taking_part(self) -> Self:
        """Leave out those of participants who have withdrawn."""
        return self.filter(participant__withdrawn_at=None)

    def for_comparison(self) -> Self:
        """Leave out those of participants who have withdrawn, and those that readers calibrate with."""
        return self.taking_part().filter(participant__is_calibration=False)

    def for_reader(self, study: Study, reader: Any) -> Self:
        """Choose those that a reader may be given: of a reader who is limited to a study site, its participants'."""
        site = Member.objects.filter(study=study, user=reader).values_list("site", flat=True).first()
        return self.filter(participant__site=site) if site else self

    def not_compared(self) -> Self:
        """Choose those that for_comparison leaves out: few, of whatever study."""
        return self.filter(Q(participant__withdrawn_at__isnull=False) | Q(participant__is_calibration=True))

    def by_days(self) -> Self:
        """Sort as they were made, those without days last."""
        return self.order_by(F("days_since_first_mri").asc(nulls_last=True), Collate("code", "C"))

    def first_of_participants(self) -> Self:
        """Choose each participant's first MRI, whether or not it was read.

        The one with the smallest days_since_first_mri. Only where they were stored before the database asked for them
        can they be missing, which counts as last, or equal: then the smallest code, compared by code point, so that two
        servers with different locales agree.
        """
        return self.order_by(
            "participant_id", F("days_since_first_mri").asc(nulls_last=True), Collate("code", "C")
        ).distinct("participant_id")


class MRI(models.Model):
    """One examination of one participant. No dates: the year, and whole days since the first MRI.

    Of a participant with several MRIs the database wants the days of each, distinct, and 0 for the first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="mris")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="mris")
    code = CodeField(max_length=40)
    scan_year = models.PositiveSmallIntegerField(null=True, blank=True)
    days_since_first_mri = models.PositiveIntegerField(null=True, blank=True)
    archive_id = models.CharField(
        "id in the archive",
        max_length=MAX_ID_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text="Opaque: readers see it in the address of the archive’s page.",
    )

    objects = MRIQuerySet.as_manager()

    class Meta:
        verbose_name = "MRI"
        ordering = ("study", "participant__code", "code")
        indexes = [models.Index(name="mri_code_in_study", fields=["study", "code"])]
        constraints = [
            # Looked at when a statement ends, so that one statement can exchange two codes.
            models.UniqueConstraint(
                name="mri_code_per_participant",
                fields=["participant", "code"],
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(name="mri_of_study", fields=["study", "id"]),
            models.UniqueConstraint(
                name="mri_archive_id_once", fields=["study", "archive_id"], condition=~Q(archive_id="")
            ),
            models.CheckConstraint(name="mri_archive_id", condition=Q(archive_id__regex=ID_PATTERN)),
            models.CheckConstraint(name="mri_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(
                name="mri_scan_year", condition=Q(scan_year=None) | Q(scan_year__gte=1970, scan_year__lte=2200)
            ),
        ]

    def __str__(self):
        return self.code
