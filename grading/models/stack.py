"""Stacks: the slices of one sequence of one MRI, as pixels and geometry. The slices lie in the storage for scans."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grading import scale
from grading.limits import MAX_REASON_LENGTH
from grading.models.mri import MRI
from grading.models.read import Read
from grading.models.study import Study
from grading.stacks.manifest import Manifest


class StackQuerySet(models.QuerySet):
    """The vocabulary for choosing stacks. Every method chains."""

    def approved(self) -> Self:
        """Choose those that a coordinator has looked at and approved: readers see no others."""
        return self.exclude(approved_at=None)

    def waiting(self) -> Self:
        """Choose those that nobody has approved or refused yet."""
        return self.filter(approved_at=None, refused_at=None)

    def not_refused(self) -> Self:
        return self.filter(refused_at=None)

    def with_slices_of(self, stack: "Stack") -> Self:
        """Choose those of other MRIs of the study that have the same slices: one of the two is somebody else's."""
        return self.not_refused().filter(study=stack.study_id, sha256=stack.sha256).exclude(mri=stack.mri_id)

    def shown_with(self, read: Read) -> Self:
        """Choose the stacks that the reader of a read sees beside it."""
        return self.approved().filter(mri=read.mri_id)


class Stack(models.Model):
    """The slices of one sequence of one MRI: pixels and geometry, and nothing else of the DICOM they came from.

    It waits, until a coordinator has looked at its slices, and approves or refuses it. Of a refused one the row stays,
    with the reason, and the slices go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="stacks")
    mri = models.ForeignKey(MRI, verbose_name="MRI", on_delete=models.PROTECT, related_name="stacks")
    sequence = models.CharField(
        max_length=4, choices=Read.Sequence, blank=True, help_text="Empty until a coordinator has said which it is."
    )
    suggested_sequence = models.CharField(max_length=4, choices=Read.Sequence, blank=True, editable=False)
    suggested_because = models.CharField(max_length=200, blank=True, editable=False)
    notes = models.JSONField(
        default=list, editable=False, help_text="Sentences to read before it is approved: what is unusual about it."
    )
    geometry = models.JSONField(editable=False, help_text="The manifest: grading.stacks.manifest.Manifest.")
    sha256 = models.CharField(max_length=64, editable=False, help_text="Of the packed slices, one after the other.")
    deidentified_by = models.JSONField(
        default=list, editable=False, help_text="Codes of CID 7050 (DICOM PS3.16): what was done to the DICOM."
    )
    is_drawing = models.BooleanField(
        default=False, editable=False, help_text="Drawn by a program, of nobody: the viewer says so."
    )
    stored_at = models.DateTimeField(default=timezone.now, editable=False)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, editable=False)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    refused_because = models.CharField(max_length=MAX_REASON_LENGTH, blank=True, editable=False)

    objects = StackQuerySet.as_manager()

    class Meta:
        ordering = ("study", "mri", "sequence", "stored_at")
        constraints = [
            models.UniqueConstraint(
                name="stack_once_per_mri_and_sequence",
                fields=["mri", "sequence"],
                condition=Q(refused_at=None) & ~Q(sequence=""),
                violation_error_message="The MRI has a stack of this sequence. Refuse or delete that one first.",
            ),
            models.CheckConstraint(name="stack_sequence", condition=Q(sequence__in=["", *scale.SEQUENCES])),
            models.CheckConstraint(name="stack_sha256", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="stack_approval_is_whole",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(sequence=""),
            ),
            models.CheckConstraint(
                name="stack_refusal_is_whole",
                condition=Q(refused_at=None, refused_by=None, refused_because="")
                | Q(refused_at__isnull=False, refused_by__isnull=False) & ~Q(refused_because=""),
            ),
            models.CheckConstraint(
                name="stack_approved_or_refused", condition=Q(approved_at=None) | Q(refused_at=None)
            ),
        ]

    def __str__(self):
        return f"{self.sequence or 'stack'} of {self.mri_id}"

    @property
    def manifest(self) -> Manifest:
        return Manifest.from_json(self.geometry)

    @property
    def slices(self) -> int:
        """Say how many slices it has."""
        return self.geometry["slices"]

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_refused(self) -> bool:
        return self.refused_at is not None

    @property
    def state(self) -> str:
        return "approved" if self.is_approved else "refused" if self.is_refused else "to be looked at"
