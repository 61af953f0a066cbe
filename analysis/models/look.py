"""Looks: who saw the groups compared before the study was locked, and how much there was to see."""

import uuid
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.db.models.functions import MD5

from analysis.stats.question import Question
from grading.models import Study


@dataclass(frozen=True)
class LookCounts:
    """Count how often the accumulating data were looked at."""

    looks: int
    people: int
    states: int  # of the data: versions of all of the study


class LookQuerySet(models.QuerySet):
    """Ways to count and list looks."""

    def counts(self) -> LookCounts:
        """Count looks, people and states of the data."""
        people, states = Count("user", distinct=True), Count("study_data_version", distinct=True)
        return LookCounts(**self.aggregate(looks=Count("id"), people=people, states=states))

    def newest_first(self) -> Self:
        """Order looks by time, the newest first, each with its user."""
        return self.select_related("user").order_by("-at", "id")


class Look(models.Model):
    """An investigator's viewing of one comparison of one version of the data.

    Viewing it again, by reloading or from another machine, is no further look: it gives no further chance of a false
    positive.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    question = models.TextField()
    data_version = models.CharField(max_length=64, help_text="Of the rows that the comparison was made of.")
    study_data_version = models.CharField(max_length=64, help_text="Of all of the study, whatever the question.")
    participants = models.PositiveIntegerField(help_text="How many participants the comparison held.")

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="look_by_time", fields=["study", "-at"])]
        constraints = [
            models.UniqueConstraint("study", "user", MD5("question"), "data_version", name="look_once"),
        ]

    def __str__(self) -> str:
        return f"look of {self.user_id} at {self.at}"

    @property
    def asked(self) -> Question:
        """Give the question that was looked at."""
        return Question.of_key(self.question)
