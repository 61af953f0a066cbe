"""Study sites: the hospitals of a study. Participants belong to one, and a member may be limited to one."""

import uuid

from django.db import models
from django.db.models import Q

from grading.models.code_field import CodeField
from grading.models.study import Study
from thighsite.limiting import limited_to


class StudySite(models.Model):
    """A hospital that takes part in a study: its code in files, and its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="sites")
    code = CodeField(max_length=20, help_text="In files, such as BER.")
    name = CodeField(max_length=100, help_text="Such as University hospital, Berlin.")

    class Meta:
        ordering = ("study", "code")
        constraints = [
            models.UniqueConstraint(
                name="study_site_code_per_study",
                fields=["study", "code"],
                violation_error_message="Another study site has this code.",
            ),
            models.UniqueConstraint(name="study_site_of_study", fields=["study", "id"]),
            models.CheckConstraint(name="study_site_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(name="study_site_name_not_empty", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.code


def own_site() -> StudySite | None:
    """Find the study site that whoever acts is limited to; None where nothing is limited."""
    member = limited_to()
    return StudySite.objects.filter(members=member).first() if member else None
