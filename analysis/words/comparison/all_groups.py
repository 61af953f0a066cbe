"""The tests over all groups of a study, and what two of them are beside its pairs, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.stats.result_types.all_groups import AllGroupsMuscle, AllGroupsResult
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.comparison.pattern import PatternRow, f_and_p, pattern_rows
from analysis.words.comparison.table import by_reason
from analysis.words.notation import LEVEL, exact_p, number
from analysis.words.prose import counted, listed
from analysis.words.text_table import aligned
from grading.anatomy import MUSCLE_BY_CODE


@dataclass(frozen=True)
class AllGroupsRow(PatternRow):
    """One test over all groups, of a muscle or of all at once."""

    muscle: AllGroupsMuscle | None = None


def all_groups_rows(found: AllGroupsResult) -> list[AllGroupsRow]:
    """Make a row for each muscle, and one for each test of all muscles at once."""
    of_muscles = [AllGroupsRow(MUSCLE_BY_CODE[each["muscle"]].label, each, each) for each in found["muscles"]]
    return [*of_muscles, *(AllGroupsRow(row.name, row.test) for row in pattern_rows(found["pattern"]))]


def all_groups_notes(found: AllGroupsResult) -> dict[str, list[str]]:
    """List each note once, with the tests that it is about."""
    return by_reason((row.name, row.test["note"]) for row in all_groups_rows(found) if row.test["note"])


def one_of_pairs(result: ComparisonResult) -> str:
    """Say that the two groups are one pair of several; nothing in a study of two groups."""
    if "all_groups" not in result:
        return ""
    groups = result["groups"]
    return (
        f"{groups['compared']} and {groups['reference']} are one of {result['all_groups']['pairs']} pairs of the "
        "study’s groups; these p values are not adjusted for the other pairs."
    )


def all_groups_sentences(result: ComparisonResult) -> str:
    """Say whether all groups differ, and how many muscles of these two once p is adjusted over all pairs."""
    return " ".join(_sentences(result))


def _sentences(result: ComparisonResult) -> Iterator[str]:
    if "all_groups" not in result:
        return
    found, adjusted = result["all_groups"], ", adjusted for covariates" if result["adjusted_for"] else ""
    p = [each["p_holm"] for each in found["muscles"] if each["p_holm"] is not None]
    if p:
        yield (
            f"Among {listed(found['groups'])}, scores differ in {sum(each < LEVEL for each in p)} of "
            f"{counted(len(p), 'muscle')} at p < {LEVEL} (one test over all groups for each muscle{adjusted}; p "
            "adjusted for the number of muscles by Holm’s method)."
        )
    else:
        yield f"No test over all groups could be made. {' '.join(all_groups_notes(found))}"
    yield from _pattern(found)
    yield from _over_all(result, found)
    if found["left_out"]:
        yield f"In no test over all groups, with fewer than two participants graded: {listed(found['left_out'])}."


def _pattern(found: AllGroupsResult) -> Iterator[str]:
    test = found["pattern"]["pattern"]
    if test["p"] is not None:
        varies = "vary" if test["p"] < LEVEL else "are not shown to vary"
        yield f"The differences between the groups {varies} from muscle to muscle: {f_and_p(test)}."


def _over_all(result: ComparisonResult, found: AllGroupsResult) -> Iterator[str]:
    p, groups = [each["p_over_all"] for each in found["muscles"] if each["p_over_all"] is not None], result["groups"]
    if p:
        yield (
            f"{groups['compared']} and {groups['reference']} differ in {sum(each < LEVEL for each in p)} of "
            f"{counted(len(p), 'muscle')} where p is adjusted by Holm’s method over all muscles of all "
            f"{found['pairs']} pairs."
        )


def all_groups_lines(result: ComparisonResult) -> list[str]:
    """Write the tests over all groups as an aligned table under their sentences; nothing in a study of two groups."""
    if "all_groups" not in result:
        return []
    head = ["all groups", "F", "df 1", "df 2", "p", "Holm p", "pair p, over pairs", "over all", "method"]
    cells = [_cells(row) for row in all_groups_rows(result["all_groups"])]
    notes = [f"{', '.join(tests)}: {note}" for note, tests in all_groups_notes(result["all_groups"]).items()]
    table = aligned([head, *cells], words={0, len(head) - 1})
    return [one_of_pairs(result), all_groups_sentences(result), "", *table, *notes]


def _cells(row: AllGroupsRow) -> list[str]:
    test, muscle = row.test, row.muscle
    adjusted = (muscle["p_holm"], muscle["p_over_pairs"], muscle["p_over_all"]) if muscle else (None, None, None)
    df1 = "–" if test["df1"] is None else str(test["df1"])
    p = map(exact_p, (test["p"], *adjusted))
    return [row.name, number(test["F"]), df1, number(test["df2"], 1), *p, row.method]
