"""Who has opened what shows a study's groups, for good. Only a procedure of PostgreSQL writes it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from grading.models.study import Study


class Unblinded(models.Model):
    """A user who has seen a study's groups, as investigator, coordinator or site admin, and so is never its reader.

    References carry no foreign keys: what somebody has seen outlives the membership.
    """

    study = models.ForeignKey(Study, on_delete=models.DO_NOTHING, db_constraint=False, related_name="unblinded")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    role = models.CharField(max_length=12, help_text="The first role that showed the groups.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "unblinded"
        constraints = [models.UniqueConstraint(name="unblinded_once", fields=["study", "user"])]

    def __str__(self):
        return f"{self.user_id} as {self.role} of {self.study_id}"

    @classmethod
    def noted(cls) -> Exists:
        """Make the expression that says of a member whether they have seen their study's groups."""
        return Exists(cls.objects.filter(study=OuterRef("study"), user=OuterRef("user")))
