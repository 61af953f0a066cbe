"""What the text and the bundle are made of: the one place that asks the comparison and the agreement for them."""

from dataclasses import replace
from typing import Any

from analysis.frame import progress
from analysis.live import live_agreement
from analysis.looks import look_at
from analysis.models import Look
from analysis.question import Question
from analysis.words.findings import Findings
from analysis.words.restrictions import exploratory
from grading.models import Read, Study


def findings(*, study: Study, user: Any, question: Question) -> Findings:
    """Both comparisons and the agreement of the study as it stands, with what is known of how it came about.

    Raises:
        ComparisonHidden, BeingComputed: as ``looks.look_at``.
    """
    main, edema = (
        look_at(study=study, user=user, question=replace(question, analysis_set=name)).result
        for name in ("all", "edema")
    )
    seen = progress(study)
    return Findings(
        main=main,
        edema=edema,
        agreement=live_agreement(study)["agreement"],
        is_final=study.is_locked,
        reads=seen.reads,
        reads_signed_off=seen.reads_signed_off,
        reads_imported=Read.objects.filter(study=study, imported_at__isnull=False).signed_off().count(),
        restriction=exploratory(question),
        looks=Look.objects.filter(study=study).counts().looks,
    )
