"""A question in words."""

from analysis.stats.question import Question

_SETS = {"all": "all participants", "edema": "edema only"}
_MODELS = {"per-muscle": "per muscle", "joint": "joint model"}


def in_words(question: Question) -> str:
    """Such as ``DM − IMNM, all participants, per muscle, T1W only``."""
    parts = [
        f"{question.compared} − {question.reference}",
        _SETS[question.analysis_set],
        _MODELS[question.model],
        f"{question.sequence} only" if question.sequence else "",
        f"read by {', '.join(question.readers)}" if question.readers else "",
        question.sex,
        question.autoantibody,
    ]
    return ", ".join(filter(None, parts))
