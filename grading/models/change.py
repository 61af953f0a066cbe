"""Changes to what a study's comparison and its progress rest on, noted by PostgreSQL."""

from django.db import models
from django.db.models.functions import Now

from grading.models.study import Study


class StudyChangeQuerySet(models.QuerySet):
    def revision(self, study_id) -> int:
        """Count the changes of a study that have been committed: two equal numbers stand for equal data."""
        return self.filter(study_id=study_id).count()

    def counted(self, study_id: models.OuterRef) -> models.Subquery:
        """Make the expression that is the revision of the study in a row of another query."""
        changes = self.filter(study_id=study_id).order_by()
        count = models.Func(models.F("pk"), function="COUNT", output_field=models.BigIntegerField())
        return models.Subquery(changes.annotate(count=count).values("count"))


class StudyChange(models.Model):
    """One transaction that changed what is compared, or how far the reading has come.

    Only triggers write it, and nobody deletes it: the revisions of a study that is gone stay.

    The revision of a study is the count of its rows. Rows are added rather than a number raised, so that two
    sign-offs never wait for each other, nor import and sign-off deadlock.
    """

    study = models.ForeignKey(Study, on_delete=models.DO_NOTHING, related_name="changes", db_constraint=False)
    transaction = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    objects = StudyChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            # The time as well: in a restored database transactions are counted anew.
            models.UniqueConstraint(name="change_once_per_transaction", fields=["study", "transaction", "at"])
        ]

    def __str__(self):
        return f"change of {self.study_id} at {self.at}"
