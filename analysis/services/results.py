"""The comparison and the agreement of a study as its data stand now."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

import pandas as pd

from analysis.figure.figure_data import FigureData
from analysis.figure.group import Group
from analysis.services.result_cache import kept
from analysis.stats.agreement.result import answer as agreement_answer
from analysis.stats.comparison import compare
from analysis.stats.comparison_json import as_json
from analysis.stats.frame.canonical import data_version
from analysis.stats.frame.restriction import select
from analysis.stats.participant_means import profiles
from analysis.stats.question import Question
from analysis.study_data.frame import clinical_values, study_frame
from grading.models import Study


@dataclass(frozen=True)
class LiveComparison:
    """An answer, and what figures are drawn from beside it."""

    result: dict[str, Any]  # the object that `compare --format json` prints
    profiles: dict[str, Any]  # see analysis.stats.participant_means
    groups: tuple[Group, Group]  # the reference, the one compared with it
    state: str  # the data version of all of the study, whatever the question leaves out

    @property
    def figure_data(self) -> FigureData:
        """Give what every figure and table is made from."""
        return FigureData(self.result, self.profiles, self.groups)


def live_comparison(study: Study, question: Question, *, may_compute: bool = True) -> LiveComparison:
    """The answer for the study's signed-off reads of this moment, computed once for everybody who asks.

    Raises:
        BeingComputed: it is not there yet, and somebody else is computing it or this caller may not.
    """
    clinical = clinical_values(study) if question.has_subgroup else None
    compute = partial(_computed, study, question, clinical) if may_compute else None
    found = kept(study, _asked(question, clinical), compute)
    return LiveComparison(
        found.content["comparison"], found.content["profiles"], _drawn_groups(study, question), found.data_version
    )


def live_agreement(study: Study, question: Question | None = None, *, may_compute: bool = True) -> dict[str, Any]:
    """How far the readers agree: `analysis.stats.agreement.result.answer` for the signed-off reads of this moment.

    Args:
        question: for the reads and participants within its restrictions only.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    question = None if question is None or question.is_unrestricted else question
    clinical = clinical_values(study) if question and question.has_subgroup else None

    def compute(frame: pd.DataFrame) -> dict[str, Any]:
        rows = select(frame, question, clinical) if question else frame
        return agreement_answer(rows, study=study.slug)

    asked = f"agreement {_asked(question, clinical)}" if question else "agreement"
    return kept(study, asked, compute if may_compute else None).content


def question_frame(study: Study, question: Question) -> pd.DataFrame:
    """The study's frame within the question's restrictions: what its answer is computed from."""
    return select(study_frame(study), question, clinical_values(study) if question.has_subgroup else None)


def _asked(question: Question, clinical: pd.DataFrame | None) -> str:
    """The question's key and whatever its answer depends on beside the frame: who is in a subgroup."""
    if clinical is None:
        return question.key
    return f"{question.key} {sha256(clinical.to_csv(index=False).encode()).hexdigest()}"


def _computed(study: Study, question: Question, clinical: pd.DataFrame | None, frame: pd.DataFrame) -> dict[str, Any]:
    """The version is that of the restricted rows: anybody who has them can check it."""
    frame = select(frame, question, clinical)
    compared = compare(
        frame,
        reference=question.reference,
        compared=question.compared,
        analysis_set=question.analysis_set,
        model=question.model,
        data_version=data_version(frame),
    )
    return {
        "comparison": as_json(compared, study=study.slug),
        "profiles": profiles(frame, question.analysis_set, question.reference, question.compared),
    }


def _drawn_groups(study: Study, question: Question) -> tuple[Group, Group]:
    groups = {group.code: Group(group.code, group.name, group.colour) for group in study.groups.all()}
    return groups[question.reference], groups[question.compared]
