"""What was entered, press by press: the history behind the grades."""

import uuid

from django.db import models
from django.db.models import Q

from grading.models.read import Read
from grading.models.study import Study


class Entry(models.Model):
    """One thing that a reader entered for one muscle: a score, "not assessable", or neither when it was taken back.

    Entries are added, never changed. Each counts its muscle's version on, so that two windows that saw the same
    version cannot both go on from it; and each carries the key of the request that brought it, so that a request
    that is sent again is known. The study is as in a grade.
    """

    study = models.ForeignKey(
        Study, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, editable=False, related_name="+"
    )
    read = models.ForeignKey(
        Read, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="entries"
    )
    muscle = models.CharField(max_length=4)
    side = models.CharField(max_length=5)
    score = models.PositiveSmallIntegerField(null=True)
    not_assessable = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    key = models.UUIDField(default=uuid.uuid4)
    entered_at = models.DateTimeField(help_text="By the site's clock, less the time that the entry waited.")

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("read", "id")
        constraints = [
            models.UniqueConstraint(name="entry_of_a_request_once", fields=["read", "key", "study"]),
            models.UniqueConstraint(
                name="entry_goes_on_from_a_version_once", fields=["read", "muscle", "side", "version", "study"]
            ),
            models.CheckConstraint(name="entry_version_from_1", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="entry_is_one_thing",
                condition=Q(score=None) | Q(score__gte=0, score__lte=3, not_assessable=False),
            ),
        ]

    def __str__(self):
        return f"{self.muscle} {self.side}, version {self.version}"
