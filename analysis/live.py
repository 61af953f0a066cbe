"""The comparison of a study as its data stand now, in every form in which pages show it."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

import pandas as pd

from analysis.answers import kept
from analysis.cohort import data_version
from analysis.comparison import compare
from analysis.comparison_json import as_json
from analysis.figure import Group, boxplots
from analysis.frame import clinical_values, study_frame
from analysis.question import Question
from analysis.selection import select
from analysis.words.narrative import caption, summary
from analysis.words.table import Row, notes, rows
from grading.models import Study


@dataclass(frozen=True)
class LiveComparison:
    """An answer in every form in which the page shows it."""

    result: dict[str, Any]  # the object that `compare --format json` prints
    figure: dict[str, Any]
    summary: str
    caption: str
    rows: list[Row]
    notes: dict[str, list[str]]  # each with the muscles it is about


def live_comparison(study: Study, question: Question, *, may_compute: bool = True) -> LiveComparison:
    """The answer for the study's signed-off reads of this moment, computed once for everybody who asks.

    Raises:
        BeingComputed: it is not there yet, and somebody else is computing it or this caller may not.
    """
    clinical = clinical_values(study) if question.has_subgroup else None
    compute = partial(_computed, study, question, clinical) if may_compute else None
    answer = kept(study, _asked(question, clinical), compute)
    result = answer.content["comparison"]
    return LiveComparison(
        result=result,
        figure=boxplots(result, select(study_frame(study), question, clinical), _drawn_groups(study, question)),
        summary=summary(result),
        caption=caption(result),
        rows=rows(result),
        notes=notes(result),
    )


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
    return {"comparison": as_json(compared, study=study.slug)}


def _drawn_groups(study: Study, question: Question) -> tuple[Group, Group]:
    groups = {group.code: Group(group.code, group.name, group.colour) for group in study.groups.all()}
    return groups[question.reference], groups[question.compared]
