"""Grades: the score of one muscle in one read."""

from django.db import models
from django.db.models import Q

from grading.anatomy import MUSCLE_CODES, SIDES
from grading.models.read import Read
from grading.models.study import Study


class Grade(models.Model):
    """The ordinal score 0-3 of one muscle (and side) in one read, or "not assessable".

    Its number never shows in a URL, so it counts instead of being random: there are many of them. In the database each
    key carries the study, so that a study's grades can live together; a foreign key holds it to be the read's.
    """

    # PostgreSQL takes it from the read where nobody says it.
    study = models.ForeignKey(
        Study, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, editable=False, related_name="+"
    )
    read = models.ForeignKey(Read, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="grades")
    muscle = models.CharField(max_length=4)
    side = models.CharField(max_length=5, default="both")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    not_assessable = models.BooleanField(default=False)
    version = models.PositiveIntegerField(
        default=1, help_text="Counts changes, so that two windows cannot overwrite each other unseen."
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("read", "id")
        constraints = [
            models.UniqueConstraint(name="grade_once_per_muscle_and_side", fields=["read", "muscle", "side", "study"]),
            models.CheckConstraint(name="grade_muscle", condition=Q(muscle__in=MUSCLE_CODES)),
            models.CheckConstraint(name="grade_side", condition=Q(side__in=SIDES)),
            models.CheckConstraint(
                name="grade_score_0_to_3",
                condition=Q(score=None) | Q(score__gte=0, score__lte=3),
                violation_error_message="A score is 0, 1, 2 or 3.",
            ),
            models.CheckConstraint(
                name="grade_score_or_not_assessable",
                condition=Q(score__isnull=False, not_assessable=False) | Q(score=None, not_assessable=True),
                violation_error_message="A grade is a score, or not assessable: one of the two.",
            ),
        ]

    def __str__(self):
        return f"{self.muscle} {self.side}: {'not assessable' if self.not_assessable else self.score}"
