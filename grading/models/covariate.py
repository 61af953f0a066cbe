"""Covariates that a study defines: values of participants that no MRI tells, numbers or one of a few levels."""

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from grading.codes.spelling import composed, why_unseen
from grading.limits import MAX_COVARIATE, MAX_LEVELS
from grading.models.code_field import CodeField
from grading.models.participant import Participant
from grading.models.study import Study
from grading.vocabulary import is_missing

MAX_NAME_LENGTH, MAX_LEVEL_LENGTH = 32, 40  # SPSS and Stata take 32
NAME = f"^[a-z][a-z0-9_]{{0,{MAX_NAME_LENGTH - 1}}}$"
QUOTATION_MARKS = "\"'`´“”„‟‘’‚‛«»‹›"  # a file's cell is read without those around it
# What formulas of R, tables of grades, and the forms that correct participants mean by a name.
_RESERVED = {
    "age", "comment", "compared", "else", "feature", "for", "function", "grade", "grades", "in", "mri", "muscle",
    "next", "occasion", "participant", "participants", "position", "read", "reader", "reads", "reference", "repeat",
    "break", "if", "while", "scan_year", "days_since_first_mri", "score", "sequence", "side", "status", "withdrawn",
    "back", "confirmed", "csrfmiddlewaretoken", "other", "reason", "seen",
}  # fmt: skip


class Covariate(models.Model):
    """A value that participants have: its column in files, what it is called, its unit, and what it may be."""

    class Kind(models.TextChoices):
        NUMBER = "number", "number"
        LEVELS = "levels", "one of several levels"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="covariates")
    name = models.CharField(
        max_length=MAX_NAME_LENGTH,
        validators=[
            RegexValidator(
                f"{NAME[:-1]}\\Z",
                "Write a name as a column has it: small letters, digits and underscores, a letter first, "
                f"{MAX_NAME_LENGTH} at most.",
            )
        ],
        help_text="The column in files, such as vital_capacity.",
    )
    label = CodeField(max_length=60, help_text="What people call it, such as Forced vital capacity.")
    unit = CodeField(max_length=20, blank=True, help_text="Of a number, such as % or mL.")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.NUMBER)
    levels = models.TextField(blank=True, help_text="Of what is no number: one on each line, the reference first.")

    class Meta:
        ordering = ("study", "name")
        constraints = [
            models.UniqueConstraint(
                name="covariate_name_per_study",
                fields=["study", "name"],
                violation_error_message="Another covariate of the study has this name.",
            ),
            models.UniqueConstraint(name="covariate_of_study", fields=["study", "id"]),
            models.CheckConstraint(name="covariate_name", condition=Q(name__regex=NAME)),
            models.CheckConstraint(name="covariate_label_not_empty", condition=~Q(label="")),
            models.CheckConstraint(
                name="covariate_levels",
                condition=Q(kind="number", levels="") | Q(kind="levels", unit="", levels__contains="\n"),
                violation_error_message="A number has no levels; what has levels has two or more, and no unit.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def level_list(self) -> tuple[str, ...]:
        """List the levels, the reference first; of a number none."""
        return tuple(self.levels.split("\n")) if self.levels else ()

    @property
    def title(self) -> str:
        """Write label and unit, as ``Forced vital capacity, in %``."""
        return f"{self.label}, in {self.unit}" if self.unit else self.label

    @property
    def column(self) -> str:
        """Name the column of values that it is stored in."""
        return "level" if self.kind == self.Kind.LEVELS else "number"

    @property
    def empty(self) -> str | None:
        """What stands for a value that is not known: as of the values that every participant has."""
        return "" if self.kind == self.Kind.LEVELS else None

    def clean(self) -> None:
        """Bring the levels into one form. Refuse a name that something else has. Not known to the database."""
        if self.name in _RESERVED or hasattr(Participant, self.name):
            raise ValidationError({"name": f"{self.name} is the name of something else."})
        self.levels = "\n".join(checked_levels(self.levels))


def checked_levels(text: str) -> list[str]:
    """Read levels, one on each line. ValidationError for those that no file could name."""
    levels = [composed(line.strip()) for line in re.split(r"[\r\n]+", text) if line.strip()]
    for level in levels:
        if why := why_unseen(level):
            raise ValidationError({"levels": f"The level {level} {why}."})
        if len(level) > MAX_LEVEL_LENGTH:
            raise ValidationError({"levels": f"The level {level} has {len(level)} characters; {MAX_LEVEL_LENGTH} fit."})
        if level[0] in QUOTATION_MARKS or level[-1] in QUOTATION_MARKS:
            raise ValidationError({"levels": f"The level {level} has a quotation mark around it, which files lose."})
        if is_missing(level):
            raise ValidationError({"levels": f"In files {level} means that a value is missing, so it is no level."})
    if len({level.casefold() for level in levels}) < len(levels):
        raise ValidationError({"levels": "Two levels are the same."})
    if len(levels) > MAX_LEVELS:
        raise ValidationError({"levels": f"There are {len(levels)} levels; {MAX_LEVELS} at most."})
    return levels


class CovariateValueQuerySet(models.QuerySet):
    """The vocabulary for choosing values of covariates."""

    def of_participants(self, name: str, column: str) -> Subquery:
        """Find, in a query of participants, what each one's value of the covariate of a name has in a column."""
        return Subquery(self.filter(covariate__name=name, participant=OuterRef("pk")).order_by().values(column))


class CovariateValue(models.Model):
    """What one participant has of one covariate. Where it is not known there is none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="covariate_values")
    covariate = models.ForeignKey(Covariate, on_delete=models.PROTECT, related_name="values")
    number = models.FloatField(null=True, blank=True)
    level = models.CharField(max_length=MAX_LEVEL_LENGTH, blank=True)

    objects = CovariateValueQuerySet.as_manager()

    class Meta:
        verbose_name = "value of a covariate"
        verbose_name_plural = "values of covariates"
        ordering = ("study", "participant", "covariate")
        constraints = [
            models.UniqueConstraint(name="covariate_value_once", fields=["study", "participant", "covariate"]),
            models.CheckConstraint(
                name="covariate_value_number_or_level",
                condition=Q(number=None) & ~Q(level="") | Q(number__isnull=False, level=""),
            ),
            models.CheckConstraint(
                name="covariate_value_number",
                condition=Q(number=None) | Q(number__gte=-MAX_COVARIATE, number__lte=MAX_COVARIATE),
            ),
        ]

    def __str__(self):
        return self.level or str(self.number)

    @property
    def value(self) -> float | str | None:
        return self.number if self.number is not None else self.level or None


def load_covariates(participants: Collection[Participant]) -> None:
    """Give participants of one study ``own_covariates``, by name, and each one's value as an attribute of that name."""
    first = next(iter(participants), None)
    if first is None:
        return
    covariates = {covariate.name: covariate for covariate in Covariate.objects.filter(study=first.study_id)}
    stored: dict[Any, dict[str, Any]] = defaultdict(dict)
    if covariates:
        names = {covariate.pk: name for name, covariate in covariates.items()}
        for each in CovariateValue.objects.filter(study=first.study_id, participant__in=_keys(participants)):
            stored[each.participant_id][names[each.covariate_id]] = each.value
    for participant in participants:
        participant.own_covariates = covariates
        for name, covariate in covariates.items():
            setattr(participant, name, stored[participant.pk].get(name, covariate.empty))


def _keys(participants: Collection[Participant]) -> Any:
    """Name the participants; of many, all of the study: there is no list that long in a statement."""
    if len(participants) > 100:
        return Participant.objects.filter(study=next(iter(participants)).study_id).values("pk")
    return [participant.pk for participant in participants]


def fill_covariates(new: Mapping[Participant, Iterable[str]]) -> None:
    """Store what participants have as attributes of these names of covariates, of which they had no value."""
    rows = [_row(participant, name) for participant, names in new.items() for name in names]
    CovariateValue.objects.bulk_create(rows, batch_size=2000)


def store_covariates(participant: Participant, names: Iterable[str]) -> None:
    """Store what a participant has as attributes of these names of covariates, or that it is not known any more."""
    for name in names:
        row = _row(participant, name)
        old = CovariateValue.objects.filter(participant=participant, covariate=row.covariate).first()
        if row.value in ("", None):
            if old:
                old.delete()
        elif old:
            old.number, old.level = row.number, row.level
            old.save(update_fields=["number", "level"])
        else:
            row.save(force_insert=True)


def _row(participant: Participant, name: str) -> CovariateValue:
    covariate, value = participant.own_covariates[name], getattr(participant, name)
    of = {"study_id": participant.study_id, "participant": participant, "covariate": covariate}
    return CovariateValue(**of, **{covariate.column: value})
