"""Drawing readers: by which seed it was drawn who reads which MRI, by whom and when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grading import scale
from grading.models.study import Study


class ReaderDraw(models.Model):
    """One assignment for which readers were drawn. Its reads have its time as that of their assignment.

    It keeps what the draw was asked for, so that it can be made again from what the trail tells of then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reader_draws")
    feature = models.CharField(max_length=5, choices=list(scale.FEATURE_NAMES.items()))
    readers_per_mri = models.PositiveSmallIntegerField("readers of each MRI")
    readers = models.TextField(help_text="From whom was drawn: the usernames of then, in the order of the draw.")
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Then only of MRIs that this reader had in hand.",
    )
    graded_for_fat = models.BooleanField(
        default=False, db_default=False, help_text="Only of MRIs of participants who were graded for fat."
    )
    seed = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField("drawn", default=timezone.now)

    class Meta:
        ordering = ("study", "drawn_at")
        constraints = [
            models.CheckConstraint(name="reader_draw_feature", condition=Q(feature__in=list(scale.FEATURES))),
        ]

    def __str__(self):
        return f"seed {self.seed}"
