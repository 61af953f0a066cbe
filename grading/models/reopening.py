"""Reopenings: why a signed-off read was opened again, by whom, and what it said before."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from grading.limits import MAX_REASON_LENGTH
from grading.models.read import Read


class Reopening(models.Model):
    """The record without which the database does not let a signed-off read go back to draft."""

    class Kind(models.TextChoices):
        REOPENED = "reopened", "reopened"
        TAKEN_BACK = "taken_back", "taken back by its reader"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="reopenings")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REOPENED, db_default=Kind.REOPENED)
    reopened_at = models.DateTimeField()
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=MAX_REASON_LENGTH)
    reason_for_reader = models.BooleanField(
        "reason shown to the reader", default=False, db_default=False, help_text="The read's reader is told the reason."
    )
    signed_off_at = models.DateTimeField(help_text="When the read had been signed off.")
    grades = models.JSONField(help_text="The grades as they had been signed: [muscle, side, score or null] each.")

    class Meta:
        ordering = ("reopened_at",)
        constraints = [
            models.CheckConstraint(name="reopening_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="reopening_kind", condition=Q(kind__in=["reopened", "taken_back"])),
            models.UniqueConstraint(name="reopening_of_a_sign_off_once", fields=["read", "signed_off_at"]),
        ]

    def __str__(self):
        return f"reopening of {self.read_id}"
