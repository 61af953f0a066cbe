"""All participants and all reads of a study but for calibration, in any state, those of who has withdrawn among them.

From these totals the inclusion page explains what is in a comparison and what is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import BooleanField, Case, Count, DateField, ExpressionWrapper, Q, QuerySet, When
from django.db.models.expressions import Expression
from django.db.models.functions import TruncDate

from analysis.stats.baseline import described
from analysis.stats.covariates import COVARIATES, Covariate
from analysis.stats.inclusion import Inclusion, inclusion, stages
from analysis.stats.question import Question
from analysis.stats.result_types.described import DescribedParticipants
from analysis.study_data.adjudicated import StandingDecision, standing_decisions
from analysis.study_data.covariates import study_covariates, value_of
from grading.models import MRI, Read, Study
from thighsite.postgres.snapshot import one_snapshot

_PERSON = {"participant": "code", "group": "group__code", "sex": "sex", "autoantibody": "autoantibody"}
_READ = {
    "read": "pk",
    **{column: f"mri__participant__{field}" for column, field in _PERSON.items()},
    "reader": "reader__username",
    "occasion": "occasion",
    "sequence": "sequence",
    "feature": "feature",
    "status": "status",
}


_SIGNED_OFF_HERE_ON = Case(
    When(handed_out=True, then=TruncDate("signed_off_at", tzinfo=UTC)), default=None, output_field=DateField()
)


@dataclass(frozen=True)
class Roster:
    """Hold two tables, "" where a clinical value is missing.

    participants: ``participant group sex autoantibody withdrawn mris scan_year`` and the covariates, one row each; the
    year is that of the first MRI.
    reads: ``read participant group sex autoantibody reader occasion sequence feature status withdrawn is_first_mri
    signed_off_here_on assessed not_assessable adjudicated``, one row per read, the last three in grades; the day, in
    UTC and as 2026-01-31, is that of a sign-off on this site, and None of a read that a file brought in.
    covariates: that the study defines.
    """

    participants: pd.DataFrame
    reads: pd.DataFrame
    covariates: tuple[Covariate, ...] = ()


def study_roster(study: Study, side: str = "", decisions: Iterable[StandingDecision] = ()) -> Roster:
    """Read all participants and reads of a study but for calibration, in three queries.

    Args:
        side: of which grades are counted; empty for both.
        decisions: that stand in the place of reads' grades.
    """
    of_side = Q(grades__side=side) if side else Q()
    first = MRI.objects.filter(study=study).first_of_participants()
    counted = {
        "withdrawn": _true(mri__participant__withdrawn_at__isnull=False),
        "is_first_mri": _true(mri__in=first.values("pk")),
        "signed_off_here_on": _SIGNED_OFF_HERE_ON,
        "assessed": Count("grades__score", filter=of_side),
        "not_assessable": Count("grades", filter=of_side & Q(grades__not_assessable=True)),
    }
    covariates = study_covariates(study)
    reads = Read.objects.filter(study=study, mri__participant__is_calibration=False).order_by()
    people = _table(
        study.participants.filter(is_calibration=False).order_by(),
        _PERSON | {name: name for name in COVARIATES},
        {
            "withdrawn": _true(withdrawn_at__isnull=False),
            "mris": Count("mris"),
            **{each.name: value_of(each, study) for each in covariates},
        },
    )
    years = dict(first.values_list("participant__code", "scan_year"))
    return Roster(
        participants=people.assign(scan_year=people["participant"].map(years)),
        reads=_with_decisions(_table(reads, _READ, counted), [each for each in decisions if side in ("", each.side)]),
        covariates=covariates,
    )


def _with_decisions(reads: pd.DataFrame, decisions: Iterable[StandingDecision]) -> pd.DataFrame:
    """Count what reads' grades are with decisions in the place of some, and these as ``adjudicated``."""
    place = {str(read): row for row, read in enumerate(reads["read"])}
    more, replaced = np.zeros(len(reads), dtype=int), np.zeros(len(reads), dtype=int)
    for decision in decisions:
        for read, graded in decision.grades.items():
            more[place[read]] += (decision.score is not None) - (graded is not None)
            replaced[place[read]] += 1
    counts = {"assessed": reads["assessed"] + more, "not_assessable": reads["not_assessable"] - more}
    return reads.assign(**counts, adjudicated=replaced)


@dataclass(frozen=True)
class Account:
    """Say which participants and reads a question is about and which not, and describe the participants."""

    inclusion: Inclusion
    described: DescribedParticipants


@lru_cache(maxsize=64)
def study_account(study: Study, question: Question, revision: int) -> Account:
    """Account for a study's participants and reads at a revision.

    Every change of a participant or an MRI counts the study's revision on, and every change that moves a read from one
    reason to another.
    """
    with one_snapshot():  # else a read that is deleted meanwhile would have a decision, and no row
        decisions = standing_decisions(study) if question.grades == "adjudicated" else []
        roster = study_roster(study, question.side, decisions)
    asked = (roster.participants, roster.reads, question)
    found = stages(*asked)
    return Account(
        inclusion(*asked, roster.covariates, found),
        described(*asked, study=study.slug, found=found, defined=roster.covariates),
    )


def _true(**condition) -> Expression:
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())


def _table(rows: QuerySet, fields: dict[str, str], counted: dict[str, Any]) -> pd.DataFrame:
    """Fields and expressions under their columns' names, a row for each row of the query."""
    named = {f"counted_{column}": expression for column, expression in counted.items()}
    values = rows.annotate(**named).values_list(*fields.values(), *named)
    return pd.DataFrame(list(values), columns=[*fields, *counted])
