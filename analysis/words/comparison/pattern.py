"""The tests of all muscles at once, in words."""

from dataclasses import dataclass

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.pattern import PatternResult, PatternTestResult
from analysis.words.notation import LEVEL, exact_p, number
from analysis.words.prose import capitalised, p_is


@dataclass(frozen=True)
class PatternRow:
    """One of the two tests, as a row of a table."""

    name: str
    test: PatternTestResult

    @property
    def method(self) -> str:
        """Name the method; and a boundary, since its p deserves a second look."""
        if self.test["status"] == "not_estimable":
            return "not estimable"
        return "Kenward–Roger F, boundary" if self.test["status"] == "boundary" else "Kenward–Roger F"


def pattern_rows(found: PatternResult | None) -> list[PatternRow]:
    """Make a row for each of the two tests; none where they were not asked for."""
    if found is None:
        return []
    return [
        PatternRow("Pattern (muscle × group)", found["pattern"]),
        PatternRow("Any difference (all muscles)", found["any"]),
    ]


def pattern_lines(found: PatternResult | None) -> list[str]:
    """Write a line for each of the two tests; none where they were not asked for."""
    return [f"{row.name}: {_test(row.test)}" for row in pattern_rows(found)]


def pattern_sentence(result: ComparisonResult) -> str:
    """Say whether the groups' difference varies from muscle to muscle; nothing where that was not asked for."""
    if result["pattern"] is None:
        return ""
    test, groups = result["pattern"]["pattern"], result["groups"]
    what = f"the difference between {groups['compared']} and {groups['reference']} varies from muscle to muscle"
    if test["p"] is None:
        return f"Whether {what} cannot be tested. {test['note']}"
    if test["p"] < LEVEL:
        return f"{capitalised(what)}: {f_and_p(test)}."
    return f"It is not shown that {what}: {f_and_p(test)}."


def f_and_p(test: PatternTestResult) -> str:
    """Write ``F(10, 230.0) = 9.87, p < 0.001`` of a test that could be made."""
    if test["p"] is None:
        raise ValueError("There is no test to write.")
    return f"F({test['df1']}, {number(test['df2'], 1)}) = {number(test['F'])}, {p_is(test['p'])}"


def _test(found: PatternTestResult) -> str:
    if found["F"] is None:
        return f"not estimable. {found['note']}"
    text = f"F({found['df1']}, {number(found['df2'], 1)}) = {number(found['F'])}, p = {exact_p(found['p'])}"
    return f"{text}. {found['note']}".removesuffix(" ")
