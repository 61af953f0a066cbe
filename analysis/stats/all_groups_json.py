"""What is said of all groups of a study, as plain values: for all pairs, and as the comparison of two has it."""

from analysis.stats.all_groups import AllGroups
from analysis.stats.comparison_json import pattern_result, pattern_test
from analysis.stats.result_types.all_groups import AllGroupsAnswer, AllGroupsResult
from grading.anatomy import MUSCLE_CODES


def as_json(found: AllGroups) -> AllGroupsAnswer:
    """Make the object that is stored, of whichever pair is compared."""
    tests = found.omnibus
    return {
        "groups": list(tests.groups),
        "left_out": list(tests.left_out),
        "pattern": pattern_result(tests.pattern),
        "muscles": [
            {"muscle": code, "p_holm": p_holm, **pattern_test(test)}
            for code, test, p_holm in zip(MUSCLE_CODES, tests.muscles, found.p_holm, strict=True)
        ],
        "pairs": [
            {"groups": sorted(pair), "p_over_pairs": over_pairs, "p_over_all": found.over_all[pair]}
            for pair, over_pairs in found.over_pairs.items()
        ],
    }


def of_pair(answer: AllGroupsAnswer, reference: str, compared: str) -> AllGroupsResult:
    """Choose what the comparison of two groups says, which is nothing of the other pairs' p values.

    Raises:
        StopIteration: the groups are no pair of the answer's.
    """
    pair = next(each for each in answer["pairs"] if each["groups"] == sorted((reference, compared)))
    adjusted = zip(answer["muscles"], pair["p_over_pairs"], pair["p_over_all"], strict=True)
    return {
        "groups": answer["groups"],
        "left_out": answer["left_out"],
        "pairs": len(answer["pairs"]),
        "pattern": answer["pattern"],
        "muscles": [
            {**muscle, "p_over_pairs": over_pairs, "p_over_all": over_all} for muscle, over_pairs, over_all in adjusted
        ],
    }
