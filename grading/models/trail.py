"""The trail: one record for each row that was inserted, updated or deleted. Only PostgreSQL's triggers write it."""

from collections.abc import Iterable
from typing import Any, Self, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Subquery
from django.db.models.fields.json import KT

from grading.models.covariate import CovariateValue
from grading.models.mri import MRI
from grading.models.participant import Participant
from grading.models.read import Read
from grading.models.study import Study
from grading.models.trail_fields import Moment, Told

_PARTICIPANT, _MRI = Participant._meta.db_table, MRI._meta.db_table
_VALUE = CovariateValue._meta.db_table


def possible_keys(model: type[models.Model], keys: Iterable[Any]) -> list[Any]:
    """Choose of keys that records tell those that a model's rows can have: a record keeps what it was given, sense or
    none, and a query for a key that cannot be ends in an error. What is written otherwise than a key names no row.
    """
    possible = []
    for key in keys:
        try:
            made = cast(Any, model._meta.pk).to_python(key)
        except (ValidationError, OverflowError):
            continue
        if str(made) == str(key):
            possible.append(made)
    return possible


class TrailRecordQuerySet(models.QuerySet):
    """The vocabulary for choosing records. Every method chains."""

    def of_study(self, study) -> Self:
        return self.filter(study=study)

    def about_participant(self, pk: UUID, *, with_reads: bool = False) -> Self:
        """Choose the records of a participant, of those merged into them, and of values and MRIs that were theirs.

        ``with_reads`` also of the reads of their MRIs. Whose values and MRIs these were is asked first.
        """
        theirs = self.filter(table=_MRI).filter(Q(before__participant_id=str(pk)) | Q(after__participant_id=str(pk)))
        moved = list(theirs.order_by().values_list("key", "before__participant_id", "after__participant_id"))
        mris = {key for key, _, _ in moved} | {str(mri.pk) for mri in MRI.objects.filter(participant=pk)}
        came_from = {str(before) for _, before, after in moved if after == str(pk) and before}
        still_there = Participant.objects.filter(pk__in=possible_keys(Participant, came_from))
        merged = came_from - {str(each.pk) for each in still_there}
        found = Q(table=_PARTICIPANT, key__in={str(pk), *merged}) | Q(table=_MRI, key__in=mris)
        values = self.filter(table=_VALUE, operation="insert", after__participant_id__in=[str(pk), *merged])
        found |= Q(table=_VALUE, key__in=list(values.order_by().values_list("key", flat=True)))
        if with_reads:
            found |= Q(read__in=Read.objects.filter(mri__participant=pk).values("pk"))
        return self.filter(found)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")

    def older_than(self, pk) -> Self:
        """Choose the records that come after one of them, newest first; all for None."""
        if pk is None:
            return self
        stored = ExpressionWrapper(F("at"), models.DateTimeField())  # as it is compared with, not as it is fetched
        at = Subquery(self.model._default_manager.filter(pk=pk).values(stored=stored))
        return self.filter(Q(at__lt=at) | Q(at=at, id__lt=pk), at__lte=at)  # the last part is what an index serves

    def with_what_they_tell_of(self) -> Self:
        """Fetch the people and reads that records name, in the records' own query."""
        return self.select_related("actor", "read__reader", "read__mri__participant")


class TrailRecord(models.Model):
    """One row changed in one table. References carry no foreign keys: a record outlives what it tells of.

    Records are chained: those of a read with one another, those of any other row with the row's own. So one that was
    changed or taken out leaves a gap.
    """

    class Operation(models.TextChoices):
        INSERT = "insert", "added"
        UPDATE = "update", "changed"
        DELETE = "delete", "deleted"

    at = Moment()
    study = models.ForeignKey(
        Study, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    read = models.ForeignKey(
        Read, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    table = models.CharField(max_length=63, db_column="table_name")
    key = models.TextField(help_text="The row's primary key.")
    operation = models.CharField(max_length=6, choices=Operation)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        help_text="Who was signed in. Nobody for commands and for psql.",
    )
    reason = models.TextField()
    source = models.TextField(help_text="The program, as it named itself to PostgreSQL: site, a command, psql.")
    role = models.TextField(help_text="The role that was connected to PostgreSQL.", db_column="db_role")
    before = Told(null=True, help_text="Of an update, the columns that changed.")
    after = Told(null=True)
    transaction = models.BigIntegerField(
        help_text="The number of the transaction that made the record; 0 before records were chained."
    )
    vouched = models.BooleanField(
        null=True,
        help_text="Whether the site proved that it acted, for this person; unknown before records were chained.",
    )
    previous = models.CharField(
        max_length=64, help_text="Hash of the record before it in its chain; empty in the first."
    )
    hash = models.CharField(max_length=64, help_text="SHA-256 of the record and of the one before it.")

    seals = models.PositiveIntegerField(
        null=True,
        help_text="How many seals the study had; unknown before they were counted, and in records of no study.",
    )
    entered = models.TextField(
        db_default="",
        help_text="Of a record of grades, or of reading times: SHA-256 of all that was entered of the read by then, "
        "and of its reading times. Empty in any other, and before these were bound.",
    )

    objects = TrailRecordQuerySet.as_manager()

    class Meta:
        db_table = "grading_trail"
        constraints = [
            # In place of a primary key, which would have to have a study.
            models.UniqueConstraint(name="trail_record_once", fields=["id", "study"], nulls_distinct=False)
        ]
        indexes = [
            models.Index(name="trail_of_study", fields=["study", "at", "id"]),
            models.Index(name="trail_of_actor", fields=["study", "actor", "at", "id"]),
            models.Index(name="trail_of_read", fields=["read", "id"], condition=Q(read__isnull=False)),
            models.Index(name="trail_of_row", fields=["table", "key", "id"], condition=Q(read__isnull=True)),
            # Codes that reads had which are gone: no other read gets them.
            models.Index(
                "study",
                KT("before__code"),
                name="trail_of_codes",
                condition=Q(table="grading_read", operation="delete"),
            ),
        ]

    def __str__(self):
        return f"{self.operation} of {self.table} at {self.at}"
