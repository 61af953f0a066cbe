"""The frames of a study's locks, each as it was when entry ended."""

from typing import Self

from django.db import models

from grading.models import Study


class FrozenFrameQuerySet(models.QuerySet):
    """Ways to choose frozen frames."""

    def of_lock(self, study: Study) -> Self:
        """Choose the frame of the lock that a study has now: none where it is open."""
        return self.filter(study=study, frozen_at=study.locked_at)


class FrozenFrame(models.Model):
    """The canonical CSV that the final comparison is computed from while the study stays locked.

    The database lets nobody change it or delete it, also when the lock is taken back: the next lock makes another.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="frozen_frames")
    frozen_at = models.DateTimeField(help_text="When the study was locked.")
    csv = models.TextField()
    sha256 = models.CharField(max_length=64)

    objects = FrozenFrameQuerySet.as_manager()

    class Meta:
        ordering = ("frozen_at",)
        constraints = [
            models.UniqueConstraint(name="frozen_frame_of_a_lock", fields=["study", "frozen_at"]),
            models.CheckConstraint(name="frozen_frame_sha256", condition=models.Q(sha256__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.sha256[:8]
