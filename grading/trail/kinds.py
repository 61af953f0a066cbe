"""Kinds of change by which the trail is searched, and what is told under a code or a name."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, Q
from django.db.models.fields.json import KT

from grading.blind_code import as_blind_code
from grading.models import MRI, CovariateValue, Member, Participant, Read, Stack, Study, TrailRecord
from grading.models.trail import TrailRecordQuerySet, possible_keys

KINDS: dict[str, tuple[str, Q]] = {
    "participants": (
        "participants: added, corrected, withdrawn, deleted",
        Q(table__in=("grading_participant", "grading_covariatevalue")),
    ),
    "mris": ("MRIs: added, corrected, moved, deleted", Q(table="grading_mri")),
    "stacks": ("stacks: stored, approved, refused, deleted", Q(table="grading_stack")),
    "calibration": (
        "calibration: reference grades, readers admitted",
        Q(table__in=("grading_referencegrade", "grading_admission")),
    ),
    "deleted": (
        "participants and MRIs deleted",
        Q(table__in=("grading_participant", "grading_mri"), operation="delete"),
    ),
    "assigned": (
        "reads assigned or brought in, readers drawn",
        Q(table="grading_read", operation="insert") | Q(table="grading_readerdraw"),
    ),
    "signed": ("reads signed off", Q(table="grading_read", operation="update", after__status="signed_off")),
    "reopened": ("reads reopened, sign-offs taken back", Q(table="grading_reopening")),
    "adjudication": (
        "adjudication: cases drawn, decisions, corrections of these",
        Q(table__in=("grading_adjudicationcase", "grading_adjudication")),
    ),
    "queries": ("queries: asked, answered, closed", Q(table__in=("grading_query", "grading_querynote"))),
    "taken-back": ("reads taken back", Q(table="grading_read", operation="delete")),
    "grades": ("grades", Q(table="grading_grade")),
    "members": (
        "members: added, role, suspended, removed; who saw the groups",
        Q(table__in=("grading_member", "grading_unblinded")),
    ),
    "study": (
        "the study, its groups, covariates, study sites, settings and charter",
        Q(
            table__in=(
                "grading_study",
                "grading_diagnosisgroup",
                "grading_covariate",
                "grading_studysite",
                "grading_charter",
            )
        ),
    ),
    "locks": (
        "locks and unlocking",
        Q(table__in=("grading_unlock", "analysis_frozenframe")) | Q(table="grading_study", after__has_key="locked_at"),
    ),
    "looks": ("looks at the comparison", Q(table="analysis_look")),
}


def named(records: TrailRecordQuerySet, study: Study, text: str) -> TrailRecordQuerySet:
    """Choose the records about participants, MRIs and people whose code or username holds a text, now or ever.

    With their MRIs and reads, and the read that has the text as its blind code; also where they are gone. Their keys
    are asked for first.
    """
    participants = _keys(study, Participant, "code__icontains", text)
    mris = _keys(study, MRI, "code__icontains", text) | _keys(study, MRI, "participant_id__in", participants)
    values = _keys(study, CovariateValue, "participant_id__in", participants)
    stacks = _keys(study, Stack, "mri_id__in", mris)
    reads = _keys(study, Read, "mri_id__in", mris) | _called(study, as_blind_code(text))
    people = get_user_model().objects.filter(username__icontains=text).values_list("pk", flat=True)
    members = _keys(study, Member, "user_id__in", set(people))
    return records.filter(
        Q(table="grading_participant", key__in=participants)
        | Q(table="grading_covariatevalue", key__in=values)
        | Q(table="grading_mri", key__in=mris)
        | Q(table="grading_stack", key__in=stacks)
        | Q(read__in=possible_keys(Read, reads))
        | Q(table="grading_member", key__in=members)
        | Q(table="grading_unblinded", after__user_id__in=list(people))
    )


def _called(study: Study, code: str) -> set[str]:
    """Find the key of the read that has or had a blind code."""
    stored = Read.objects.filter(study=study, code=code).values_list("pk", flat=True)
    gone = TrailRecord.objects.of_study(study).filter(table=Read._meta.db_table, operation="delete")
    told = gone.annotate(code=KT("before__code")).filter(code=code).values_list("key", flat=True)
    return set(map(str, stored)) | set(told)


def _keys(study: Study, model: type[Model], lookup: str, value: Any) -> set[str]:
    """Find the keys of rows that are or were so."""
    possible = value
    if isinstance(value, set):
        value, possible = list(value), possible_keys(_referred_to(model, lookup), value)
    if not value:
        return set()
    stored = model._default_manager.filter(study=study, **{lookup: possible}).values_list("pk", flat=True)
    told = TrailRecord.objects.of_study(study).filter(table=model._meta.db_table)
    told = told.filter(Q(**{f"before__{lookup}": value}) | Q(**{f"after__{lookup}": value}))
    return set(map(str, stored)) | set(told.values_list("key", flat=True))


def _referred_to(model: type[Model], lookup: str) -> type[Model]:
    field: Any = model._meta.get_field(lookup.removesuffix("__in"))
    return field.related_model
