"""The comparison of a study as its data stand now. What was computed for the same data is kept in each process."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pandas as pd
from django.core.cache import cache

from analysis.cohort import data_version
from analysis.comparison import Comparison, compare
from analysis.comparison_json import as_json
from analysis.figure import Group, boxplots
from analysis.frame import clinical_values, study_frame
from analysis.profiles import profiles
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


def live_comparison(study: Study, question: Question) -> LiveComparison:
    """The answer for the study's signed-off reads of this moment."""
    frame = question_frame(study, question)
    result = as_json(_kept(frame, question), study=study.slug)
    drawn = profiles(frame, question.analysis_set, question.reference, question.compared)
    return LiveComparison(
        result=result,
        figure=boxplots(result, drawn, _drawn_groups(study, question)),
        summary=summary(result),
        caption=caption(result),
        rows=rows(result),
        notes=notes(result),
    )


def question_frame(study: Study, question: Question) -> pd.DataFrame:
    """The study's frame within the question's restrictions. Its version names the data of the answer.

    The version of the restricted rows also changes when a participant's clinical values move it into a subgroup or out
    of it, of which the study's whole frame knows nothing.
    """
    clinical = clinical_values(study) if question.has_subgroup else None
    return select(study_frame(study), question, clinical)


def _drawn_groups(study: Study, question: Question) -> tuple[Group, Group]:
    groups = {group.code: Group(group.code, group.name, group.colour) for group in study.groups.all()}
    return groups[question.reference], groups[question.compared]


def _kept(frame: pd.DataFrame, question: Question) -> Comparison:
    """Computed once per process for the same data and question; the data's version is what tells."""
    version = data_version(frame)
    key = "comparison-" + sha256(f"{version}{question.key}".encode()).hexdigest()
    return cache.get_or_set(key, lambda: _compared(frame, question, version), timeout=None)


def _compared(frame: pd.DataFrame, question: Question, version: str) -> Comparison:
    return compare(
        frame,
        reference=question.reference,
        compared=question.compared,
        analysis_set=question.analysis_set,
        model=question.model,
        data_version=version,
    )
