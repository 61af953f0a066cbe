"""What a figure says of itself once it has left the site."""

from analysis.stats.question import Question
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.prose import counted
from analysis.words.question.catalogue import GRADES, MODELS, SETS
from analysis.words.question.covariates import is_adjusted_for
from analysis.words.question.restrictions import within

_VERSION = 12  # characters of the SHA-256: enough to find the data again


def provenance(result: ComparisonResult, question: Question, *, is_final: bool) -> list[str]:
    """Say which question a figure answers, and of which data, so that a restriction is never lost on the way.

    Returns:
        Two lines.
    """
    restriction = f"{within(question)} only: exploratory" if not question.is_unrestricted else ""
    asked = [restriction, SETS[result["set"]].in_caption, MODELS[result["model"]].in_caption]
    asked.append(GRADES[question.grades].in_caption)
    asked.append(is_adjusted_for(result))
    n = result["n"]
    counts = f"{counted(n['participants'], 'participant')}, {counted(n['grades'], 'grade')}"
    return [
        "; ".join(filter(None, [f"{result['study']}", *asked])),
        data_line(counts, result["data_version"], is_final=is_final),
    ]


def data_line(counts: str, version: str, *, is_final: bool) -> str:
    """Say how many there are, whether the study is locked, and of which version of the data the figure is."""
    state = "final: the study is locked" if is_final else "interim: not locked"
    return f"{counts}; {state}; data version {version[:_VERSION]}"
