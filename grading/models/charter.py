"""The charter of a study: what is planned before anybody reads, in versions that are kept."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now

from grading.models.study import Study

FROZEN = "A read was opened: the charter stays as it was."


class CharterQuerySet(models.QuerySet):
    def newest_first(self) -> Self:
        return self.select_related("written_by").order_by("-number")


class Charter(models.Model):
    """One version, by whom it was written and when. Once a read of the study's own cases was opened, none follows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="charters")
    number = models.PositiveSmallIntegerField("version")
    reading = models.TextField("who reads what", blank=True)
    scale = models.TextField("scale", blank=True)
    disagreement = models.TextField("rules for disagreement", blank=True)
    analysis = models.TextField("planned analysis", blank=True)
    looks = models.TextField("planned looks", blank=True)
    known = models.TextField(
        "what the site knew", blank=True, help_text="Members and settings when the version was written, a line each."
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written", db_default=Now())

    objects = CharterQuerySet.as_manager()

    class Meta:
        ordering = ("study", "number")
        constraints = [
            models.UniqueConstraint(name="charter_version_once", fields=["study", "number"]),
            models.CheckConstraint(name="charter_version_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"version {self.number}"


def reading_began_at(study: Study) -> datetime | None:
    """Fetch when a read of a study's own cases was first opened, or first done otherwise; None while none was.

    A read that was deleted since counts, by the trail.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT grading_reading_began_at(%s)", [study.pk])
        return cursor.fetchone()[0]
