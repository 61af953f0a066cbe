"""Everything that the agreement page says of one frame, as one object of plain values that can be stored.

It can be had muscle by muscle, each computed by itself, and put together to the very same object.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import pandas as pd

from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.disagreement import disagreement
from analysis.stats.agreement.inter_reader import OVERALL, agreement
from analysis.stats.question import Question
from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.answers import AgreementAnswer
from grading.anatomy import MUSCLE_CODES

PARTS = (*MUSCLE_CODES, OVERALL)
_BY_MUSCLE = ("inter", "pairs", "intra", "mixed_model", "resampled")  # one entry for each, of any readers


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


def agreement_part(frame: pd.DataFrame, part: str) -> AgreementResult:
    """Compute what is of one of `PARTS`, in the form of the whole."""
    return as_json(agreement(frame, data_version="-", only=part), study="")


def joined_agreement(
    parts: Sequence[AgreementResult],
    frame: pd.DataFrame,
    study: str,
    data_version: str,
    question: Question | None = None,
) -> AgreementAnswer:
    """Put all `PARTS` of a frame together, in their order, to what ``agreement_result`` computes of it."""
    whole: Any = {**parts[-1], "study": study, "data_version": data_version}
    whole["restricted_to"] = list(question.readers if question else ())
    for name in _BY_MUSCLE:
        lists: list[Any] = [part[name] for part in parts]  # type: ignore[literal-required]
        whole[name] = [*chain.from_iterable(zip(*lists, strict=True))]
    return {"agreement": whole, "disagreement": disagreement(frame)}
