"""Members of a study: who has which role in it."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Min, OuterRef, Q
from django.utils import timezone

from grading import roles
from grading.models.study import Study


class MemberQuerySet(models.QuerySet):
    def of_study(self, **study) -> Self:
        """Choose a study's members, by slug or pk, with user, study and the study's ``revision``: see StudyChange."""
        return self.not_suspended().in_study(**study).with_study()

    def in_study(self, **study) -> Self:
        """Choose those of a study, by slug or pk."""
        return self.filter(**{f"study__{name}": value for name, value in study.items()})

    def with_study(self) -> Self:
        """Add user, study and the study's ``revision``, counted beside the member: no column has to be grouped by."""
        from grading.models.change import StudyChange  # which refers to studies

        return self.select_related("study", "user").annotate(revision=StudyChange.objects.counted(OuterRef("study")))

    def not_suspended(self) -> Self:
        return self.filter(suspended_at=None)

    def with_unblinded(self) -> Self:
        """Add ``is_unblinded``: whether the member has seen the study's groups."""
        from grading.models.unblinded import Unblinded  # which refers to studies

        return self.annotate(is_unblinded=Unblinded.noted())

    def with_open_reads(self) -> Self:
        """Add how many reads of the member's own wait for sign-off, as their list tells them.

        ``open_reads`` have come up, ``later_reads`` have not; ``next_at`` is when the first of those does, where that
        is known: some wait for an earlier read of the scan.
        """
        from grading.models.read import has_come_up  # which refers to studies

        own = Q(user__reads__study=F("study"), user__reads__signed_off_at=None)
        own &= Q(user__reads__mri__participant__withdrawn_at=None)
        reads, now = "user__reads", timezone.now()
        is_up = has_come_up(now, f"{reads}__")
        return self.annotate(
            open_reads=Count(reads, filter=own & is_up),
            later_reads=Count(reads, filter=own & ~is_up),
            next_at=Min(f"{reads}__available_at", filter=own & Q(user__reads__available_at__gt=now)),
        )


class Member(models.Model):
    """A user's one role in one study: a reader who could see the groups would not be blind."""

    class Role(models.TextChoices):
        READER = roles.READER.code, roles.READER.title
        INVESTIGATOR = roles.INVESTIGATOR.code, roles.INVESTIGATOR.title
        COORDINATOR = roles.COORDINATOR.code, roles.COORDINATOR.title
        ADJUDICATOR = roles.ADJUDICATOR.code, roles.ADJUDICATOR.title

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    suspended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when the member has no access to the study."
    )

    letter_keys = models.BooleanField(
        default=True,
        db_default=True,
        editable=False,
        help_text="Of a reader: whether letters and signs are keys of the grading page on their own, without Alt.",
    )
    site = models.ForeignKey(
        "grading.StudySite",
        verbose_name="study site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        help_text="Limits a coordinator or reader to its participants. Empty: all study sites.",
    )

    objects = MemberQuerySet.as_manager()

    revision: int  # with_study adds it
    is_unblinded: bool  # with_unblinded adds it
    open_reads: int  # with_open_reads adds them
    later_reads: int
    next_at: datetime | None

    class Meta:
        ordering = ("study", "role", "user__username")
        constraints = [
            models.UniqueConstraint(
                name="member_one_role_per_study",
                fields=["study", "user"],
                violation_error_message="This person already has a role in this study.",
            ),
            # What a read refers to, so that only readers have reads.
            models.UniqueConstraint(name="member_study_user_role", fields=["study", "user", "role"]),
            models.CheckConstraint(name="member_role", condition=Q(role__in=list(roles.ROLE_BY_CODE))),
            models.CheckConstraint(
                name="member_site_of_a_role_with_limits",
                condition=Q(site=None) | Q(role__in=list(roles.ROLES_WITH_SITES)),
                violation_error_message=roles.WHO_HAS_A_SITE,
            ),
        ]

    def __str__(self):
        return f"{self.user} ({self.role} in {self.study})"

    def clean(self):
        """Refuse a reader or adjudicator who is not blind, and another role, person or study for one who has reads."""
        if None in (self.study_id, self.user_id):  # what is missing is said already
            return
        if self.role in roles.ROLE_BY_CODE and (problem := self.study.why_not_blind(self.user, self.role)):
            raise ValidationError({"role": problem})
        stored = Member.objects.select_related("user").filter(pk=self.pk).first()
        if stored and stored._is_unlike(self) and stored.has_reads:
            raise ValidationError({"role": stored.why_reader_for_good})

    def _is_unlike(self, other: "Member") -> bool:
        return (self.study_id, self.user_id, self.role) != (other.study_id, other.user_id, other.role)

    @property
    def coordinates_whole_study(self) -> bool:
        return (self.role, self.site_id, self.suspended_at) == (Member.Role.COORDINATOR, None, None)

    @property
    def why_reader_for_good(self) -> str:
        return f"{self.user} has reads in this study, and so remains a reader of it. They can be suspended."

    @property
    def has_reads(self) -> bool:
        return self.study.reads.filter(reader=self.user_id).exists()
