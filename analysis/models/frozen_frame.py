"""The frame of a locked study, as it was when entry ended."""

from django.db import models

from grading.models import Study


class FrozenFrame(models.Model):
    """The canonical CSV that the final comparison is computed from, ever after. The database lets nobody change it."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT, primary_key=True, related_name="frozen_frame")
    csv = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="frozen_frame_sha256", condition=models.Q(sha256__regex="^[0-9a-f]{64}$"))
        ]

    def __str__(self) -> str:
        return self.sha256[:8]
