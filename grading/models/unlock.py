"""Unlocks: why a lock was taken back, who asked for it and who confirmed."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grading.limits import MAX_REASON_LENGTH
from grading.models.study import Study


class UnlockQuerySet(models.QuerySet):
    """The vocabulary for choosing unlocks."""

    def waiting(self) -> Self:
        """Choose the requests that somebody can still confirm: of the lock that there is, and not taken back."""
        return self.filter(confirmed_at=None, taken_back_at=None, locked_at=F("study__locked_at"))


class Unlock(models.Model):
    """The record without which the database does not let a lock be taken back: of two people, with a reason.

    One of them is a site admin, the other a coordinator or investigator of the study. Each may ask; the other confirms.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="unlocks")
    locked_at = models.DateTimeField(help_text="Which of the study's locks it takes back.")
    reason = models.CharField(max_length=MAX_REASON_LENGTH)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text="When whoever asked took the request back.")

    objects = UnlockQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at",)
        constraints = [
            models.CheckConstraint(name="unlock_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="unlock_confirmation_is_whole",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="unlock_is_of_two_people", condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.UniqueConstraint(
                name="unlock_of_a_lock_once", fields=["study", "locked_at"], condition=Q(confirmed_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"unlock of {self.study_id}"
