"""The comparison of a study as its data stand now. What was computed for the same data is kept in each process."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import pandas as pd
from django.core.cache import cache

from analysis.cohort import data_version
from analysis.comparison import Comparison, compare
from analysis.comparison_json import as_json
from analysis.figure import Group, boxplots
from analysis.frame import study_frame
from analysis.question import Question
from analysis.words.narrative import caption, summary
from analysis.words.table import Row, notes, rows
from grading.models import DiagnosisGroup, Study


@dataclass(frozen=True)
class LiveComparison:
    """An answer in every form in which the page shows it."""

    result: dict[str, Any]  # the object that `compare --format json` prints
    figure: dict[str, Any]
    summary: str
    caption: str
    rows: list[Row]
    notes: dict[str, list[str]]  # each with the muscles it is about


def live_comparison(
    study: Study, groups: tuple[DiagnosisGroup, DiagnosisGroup], *, analysis_set: str, model: str
) -> LiveComparison:
    """The answer for the study's signed-off reads of this moment."""
    reference, compared = groups
    frame = study_frame(study)
    question = Question(reference.code, compared.code, analysis_set=analysis_set, model=model)
    result = as_json(_kept(frame, question), study=study.slug)
    drawn = tuple(Group(group.code, group.name, group.colour) for group in groups)
    return LiveComparison(
        result=result,
        figure=boxplots(result, frame, drawn),
        summary=summary(result),
        caption=caption(result),
        rows=rows(result),
        notes=notes(result),
    )


def _kept(frame: pd.DataFrame, question: Question) -> Comparison:
    """Computed once per process for the same data and question; the data's version is what tells."""
    version = data_version(frame)
    key = "comparison-" + sha256(f"{version}{question}".encode()).hexdigest()
    return cache.get_or_set(key, lambda: compare(frame, **asdict(question), data_version=version), timeout=None)
