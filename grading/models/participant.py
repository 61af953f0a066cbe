"""Participants and the diagnosis groups that are compared."""

import uuid
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Self, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import Count, Q
from django.db.models.functions import Collate

from grading.ages import TOP_AGE_YEARS
from grading.codes.naming import named_group
from grading.models.code_field import CodeField
from grading.models.study import Study
from thighsite.limiting import limited_to

IS_NOT_COMPARED = Q(withdrawn_at__isnull=False) | Q(is_calibration=True)  # few, and with an index of their own


class DiagnosisGroup(models.Model):
    """What is compared: IMNM and DM in the demo study."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="groups")
    code = CodeField(max_length=20)
    name = CodeField(max_length=100)
    colour = models.CharField(
        max_length=7,
        default="#0072B2",
        validators=[RegexValidator("^#[0-9A-Fa-f]{6}\\Z", "Write a colour as # and six digits, such as #0072B2.")],
        help_text="In the figures, such as #0072B2.",
    )
    is_reference = models.BooleanField(
        "reference", default=False, help_text="Differences are the other group minus this one."
    )

    class Meta:
        ordering = ("study", "-is_reference", "code")
        constraints = [
            models.UniqueConstraint(
                name="group_code_per_study",
                fields=["study", "code"],
                violation_error_message="Another group of the study has this code.",
            ),
            models.UniqueConstraint(name="group_of_study", fields=["study", "id"]),
            models.UniqueConstraint(
                name="group_one_reference_per_study", fields=["study"], condition=Q(is_reference=True)
            ),
            models.CheckConstraint(name="group_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(name="group_colour", condition=Q(colour__regex="^#[0-9A-Fa-f]{6}$")),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        """Refuse a group that the study's title for readers names. Not known to the database: see Study.clean."""
        study = getattr(self, "study", None)  # there is none yet where its own form is wrong
        if study and named_group(study.reader_title, [(self.code, self.name)]):
            title = f"the title for readers, “{study.reader_title}”"
            raise ValidationError(f"Readers would learn of the group {self.code} from {title}: change that first.")


class ParticipantQuerySet(models.QuerySet):
    """The vocabulary for choosing participants. Every method chains."""

    def taking_part(self) -> Self:
        """Leave out those who have withdrawn."""
        return self.filter(withdrawn_at=None)

    def for_comparison(self) -> Self:
        """Leave out those who have withdrawn, and those whose MRIs readers calibrate with."""
        return self.taking_part().filter(is_calibration=False)

    def withdrawn(self) -> Self:
        return self.exclude(withdrawn_at=None)

    def for_list(self) -> Self:
        """Fetch what the list of participants shows, in one query: group, and counts of MRIs and reads."""
        signed_off = Q(mris__reads__status="signed_off")
        return (
            self.select_related("group", "site")
            .annotate(
                mri_count=Count("mris", distinct=True),
                read_count=Count("mris__reads"),
                signed_off_count=Count("mris__reads", filter=signed_off),
            )
            .order_by(Collate("code", "C"))
        )


def codes_elsewhere(study: Study, codes: Collection[str]) -> set[str]:
    """Find which codes participants have whom somebody who is limited to a study site does not see: a code is taken."""
    if limited_to() is None or not codes:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT grading_codes_taken(%s, %s)", [study.pk, list(codes)])
        taken = {code for (code,) in cursor.fetchall()}
    return taken - set(Participant.objects.filter(study=study, code__in=taken).values_list("code", flat=True))


class Participant(models.Model):
    """A pseudonymous code in a group, with optional clinical fields. No names, no birth dates."""

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="participants")
    code = CodeField(max_length=40)
    group = models.ForeignKey(DiagnosisGroup, on_delete=models.PROTECT, related_name="participants")
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    age_years = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=f"At the first MRI; {TOP_AGE_YEARS} means {TOP_AGE_YEARS} or more."
    )
    autoantibody = CodeField(max_length=40, blank=True)
    ck_u_per_l = models.FloatField("creatine kinase, U/L", null=True, blank=True)
    disease_duration_months = models.FloatField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the participant withdrew, as far as the site knows."
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Who noted it. Nobody where a file did.",
    )

    site = models.ForeignKey(
        "grading.StudySite",
        verbose_name="study site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participants",
        help_text="The hospital that the participant belongs to.",
    )
    is_calibration = models.BooleanField(
        "for calibration",
        default=False,
        db_default=False,
        editable=False,
        help_text="Readers calibrate with the participant’s MRIs, which are in no comparison.",
    )

    objects = ParticipantQuerySet.as_manager()

    own_covariates: Mapping[str, Any] = MappingProxyType({})  # load_covariates gives those of the study, by name

    mri_count: int  # for_list adds these
    read_count: int
    signed_off_count: int

    class Meta:
        ordering = ("study", "code")
        indexes = [models.Index(name="participant_not_compared", fields=["study"], condition=IS_NOT_COMPARED)]
        constraints = [
            models.UniqueConstraint(name="participant_code_per_study", fields=["study", "code"]),
            models.UniqueConstraint(name="participant_of_study", fields=["study", "id"]),
            models.CheckConstraint(name="participant_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(name="participant_sex", condition=Q(sex__in=["", "female", "male"])),
            models.CheckConstraint(
                name="participant_age_years",
                condition=Q(age_years=None) | Q(age_years__lte=TOP_AGE_YEARS),
                violation_error_message=f"Ages over 89 are stored as {TOP_AGE_YEARS}, so that they tell nobody apart.",
            ),
            # "below infinity" keeps out Infinity, and NaN, which PostgreSQL sorts above it
            models.CheckConstraint(
                name="participant_ck_u_per_l",
                condition=Q(ck_u_per_l=None) | Q(ck_u_per_l__gte=0, ck_u_per_l__lt=float("inf")),
            ),
            models.CheckConstraint(
                name="participant_disease_duration_months",
                condition=Q(disease_duration_months=None)
                | Q(disease_duration_months__gte=0, disease_duration_months__lt=float("inf")),
            ),
            models.CheckConstraint(
                name="participant_withdrawal_has_a_time", condition=Q(withdrawn_by=None) | Q(withdrawn_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.code

    def name_of(self, value: str) -> str:
        """Give the name of a stored value as people read it."""
        if value in self.own_covariates:
            return str(self.own_covariates[value].title)
        return str(cast(models.Field, self._meta.get_field(value)).verbose_name)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
