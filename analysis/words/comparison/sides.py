"""Whether the groups differ by as much on the left as on the right, in words."""

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import BySide
from analysis.words.notation import LEVEL, number
from grading.anatomy import MUSCLE_BY_CODE


def side_warning(result: ComparisonResult) -> str:
    """Name the muscles in which the groups differ by another amount on either side; nothing where there is none."""
    each = [
        f"{MUSCLE_BY_CODE[muscle['muscle']].label} ({_both(muscle['by_side'])})"
        for muscle in result["muscles"]
        if "by_side" in muscle and _differs(muscle["by_side"])
    ]
    if not each:
        return ""
    return (
        f"The groups do not differ by as much on the left as on the right in {', '.join(each)}: "
        "compare the sides one by one, for opposite differences cancel."
    )


def _both(found: BySide) -> str:
    return f"{number(found['left'])} left, {number(found['right'])} right"


def _differs(found: BySide) -> bool:
    return found["p_holm"] is None or found["p_holm"] < LEVEL
