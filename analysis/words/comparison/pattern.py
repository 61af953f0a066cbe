"""The tests of all muscles at once, in words."""

from analysis.stats.result_types import PatternResult, PatternTestResult
from analysis.words.notation import exact_p, number


def pattern_lines(found: PatternResult | None) -> list[str]:
    """Write a line for each of the two tests; none where they were not asked for."""
    if found is None:
        return []
    return [
        f"Pattern (muscle × group): {_test(found['pattern'])}",
        f"Any difference (all muscles): {_test(found['any'])}",
    ]


def _test(found: PatternTestResult) -> str:
    if found["F"] is None:
        return f"not estimable. {found['note']}"
    text = f"F({found['df1']}, {number(found['df2'], 1)}) = {number(found['F'])}, p = {exact_p(found['p'])}"
    return f"{text}. {found['note']}".removesuffix(" ")
