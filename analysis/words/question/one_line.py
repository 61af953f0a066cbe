"""A question on one line."""

from collections.abc import Mapping

from analysis.stats.question import Question
from analysis.words.question.catalogue import GRADES, MODELS, SETS
from analysis.words.question.covariates import NO_LABELS, adjusted_for


def in_words(question: Question, labels: Mapping[str, str] = NO_LABELS) -> str:
    """Write a question such as ``DM − IMNM, all participants, per muscle, T1W only``.

    Args:
        labels: of covariates that the study defines.
    """
    parts = [
        f"{question.compared} − {question.reference}",
        SETS[question.analysis_set].name,
        MODELS[question.model].name,
        GRADES[question.grades].name if question.grades != Question.grades else "",
        f"{question.sequence} only" if question.sequence else "",
        f"{question.side} thigh only" if question.side else "",
        f"read by {', '.join(question.readers)}" if question.readers else "",
        question.sex,
        question.autoantibody,
        adjusted_for(question.adjust, labels),
    ]
    return ", ".join(filter(None, parts))
