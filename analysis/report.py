"""What the text and the bundle are made of: the one place that asks the comparison and the agreement for them."""

from dataclasses import dataclass

import pandas as pd

from analysis.agreement import agreement, as_json
from analysis.bundle import Contents
from analysis.cohort import analysis_set, assessed, two_groups
from analysis.frame import progress, study_frame
from analysis.live import live_comparison
from analysis.models import Look
from analysis.words.findings import Findings
from grading.models import DiagnosisGroup, Read, Study


@dataclass(frozen=True)
class Question:
    """Which groups, and by which model: what the text asks of both analysis sets, and the bundle of one."""

    groups: tuple[DiagnosisGroup, DiagnosisGroup]
    model: str


def findings(study: Study, question: Question, frame: pd.DataFrame | None = None) -> Findings:
    """Both comparisons and the agreement of the study as it stands, with what is known of how it came about.

    Args:
        frame: the study's (``frame.study_frame``), where it is at hand.
    """
    main, edema = (
        live_comparison(study, question.groups, analysis_set=name, model=question.model).result
        for name in ("all", "edema")
    )
    seen = progress(study)
    return Findings(
        main=main,
        edema=edema,
        agreement=as_json(agreement(study_frame(study) if frame is None else frame), study=study.slug),
        is_final=study.is_locked,
        reads=seen.reads,
        reads_signed_off=seen.reads_signed_off,
        reads_imported=Read.objects.filter(study=study, imported_at__isnull=False).signed_off().count(),
        looks=Look.objects.filter(study=study).counts().looks,
    )


def contents(study: Study, question: Question, name: str) -> Contents:
    """What the bundle of one analysis set is made of. A read signed off meanwhile may make it of two versions."""
    frame = study_frame(study)
    found = findings(study, question, frame)
    codes = [group.code for group in question.groups]
    return Contents(
        title=study.title,
        result={"all": found.main, "edema": found.edema}[name],
        findings=found,
        frame=frame,
        analysed=assessed(two_groups(analysis_set(frame, name), *codes)),
    )
