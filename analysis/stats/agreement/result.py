"""Everything that the agreement page says of one frame, as one object of plain values that can be stored."""

import pandas as pd

from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.disagreement import disagreement
from analysis.stats.agreement.inter_reader import agreement
from analysis.stats.question import Question
from analysis.stats.result_types import AgreementAnswer


def agreement_result(
    frame: pd.DataFrame, study: str, data_version: str = "", question: Question | None = None
) -> AgreementAnswer:
    """Compute ``agreement`` as ``manage.py agreement --format json`` prints it, and ``disagreement`` for the map.

    Args:
        question: what the frame was restricted to already.
    """
    readers = question.readers if question else ()
    return {
        "agreement": as_json(agreement(frame, data_version=data_version), study=study, restricted_to=readers),
        "disagreement": disagreement(frame),
    }
