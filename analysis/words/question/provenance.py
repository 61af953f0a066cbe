"""What a figure says of itself once it has left the site."""

from collections.abc import Mapping
from typing import Any

from analysis.stats.question import Question
from analysis.words.prose import counted
from analysis.words.question.restrictions import within

_SETS = {"all": "all reads, edema before fat", "edema": "edema reads only"}
_MODELS = {"per-muscle": "a model per muscle", "joint": "joint model"}
_VERSION = 12  # characters of the SHA-256: enough to find the data again


def provenance(result: Mapping[str, Any], question: Question, *, is_final: bool) -> list[str]:
    """Which question the figure answers, and of which data: two lines, so that a restriction is never lost on the way.

    Args:
        result: an object of ``compare --format json``.
    """
    restriction = f"{within(question)} only: exploratory" if not question.is_unrestricted else ""
    asked = [restriction, _SETS[result["set"]], _MODELS[result["model"]]]
    n = result["n"]
    state = "final: the study is locked" if is_final else "interim: reading goes on"
    counts = f"{counted(n['participants'], 'participant')}, {counted(n['grades'], 'grade')}"
    return [
        "; ".join(filter(None, [f"{result['study']}", *asked])),
        f"{counts}; {state}; data version {result['data_version'][:_VERSION]}",
    ]
