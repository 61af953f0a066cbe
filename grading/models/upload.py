"""A file that somebody has brought, kept while it is looked at. Nothing of it is in the study before they say so."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from grading.models.study import Study

KEPT_FOR = timedelta(days=1)
MAX_NAME_LENGTH = 200


class UploadQuerySet(models.QuerySet):
    """The vocabulary for choosing uploads. Every method chains."""

    def forgotten(self) -> Self:
        """Choose those that nobody has said anything about for a day: a file can hold what a study must not keep."""
        return self.filter(looked_at__lt=timezone.now() - KEPT_FOR)

    def of_scans(self) -> Self:
        return self.filter(what=Upload.What.SCANS)

    def of_sheets(self) -> Self:
        return self.exclude(what=Upload.What.SCANS)

    def read_ahead(self) -> set[uuid.UUID]:
        """List the keys of stacks whose slices were read of archives, and whose rows may follow."""
        outlooks = self.of_scans().not_imported().filter(outlook__isnull=False).values_list("outlook", flat=True)
        scans = (scan for outlook in outlooks for scan in outlook["scans"])
        return {uuid.UUID(stack["key"]) for scan in scans for stack in scan["stacks"]}

    def not_imported(self) -> Self:
        return self.filter(imported_at=None)


class Upload(models.Model):
    """A file, what its coordinator says of it, and what it would change in the study.

    ``outlook`` is what a dry run said, as csv.imports.outlook writes it; None while that is not known. The content goes
    as soon as the file is imported. Of scans (uploads.many_scans) there is none: the archive lies in pieces in the
    storage for scans until it was read.
    """

    class What(models.TextChoices):
        PARTICIPANTS = "participants", "participants"
        GRADES = "grades", "grades"
        SCANS = "scans", "scans"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=12, choices=What)
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    content = models.BinaryField()
    reading = models.JSONField(default=dict, help_text="What is said of the file, because it does not say so itself.")
    reason = models.TextField(blank=True, help_text="Why it corrects what earlier files brought in.")
    accepted = models.CharField(max_length=64, blank=True, help_text="Digest of the questions answered with yes.")
    outlook = models.JSONField(null=True)
    looked_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-looked_at",)
        constraints = [
            models.CheckConstraint(
                name="upload_what", condition=models.Q(what__in=["participants", "grades", "scans"])
            ),
        ]

    def __str__(self):
        return f"{self.what} of {self.name}"
