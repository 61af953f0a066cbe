"""What a comparison shows, in words."""

from collections.abc import Sequence

from analysis.stats.result_types import ComparisonResult, EstimatedMuscle, GroupPair, MuscleResult
from analysis.words.comparison.table import estimated
from analysis.words.notation import LEVEL, METHODS
from analysis.words.prose import counted
from grading.anatomy import MUSCLE_BY_CODE

_TESTS = {name: f"mixed model ({words})" for name, words in METHODS.items()} | {"linear_model": "linear model"}


def summary(result: ComparisonResult) -> str:
    """Say how many muscles differ, in which direction, and which cannot be judged: the sentences under the figure."""
    estimable = estimated(result)
    if not estimable:
        return f"Nothing can be estimated yet. {_reasons(result['muscles'])}"
    sentences = [_difference(result["groups"], estimable), *_directions(result["groups"], estimable)]
    if missing := [muscle for muscle in result["muscles"] if muscle["status"] == "not_estimable"]:
        sentences.append(f"Not estimable: {_labels(missing)}.")
    return " ".join(sentences)


def caption(result: ComparisonResult, *, most_points: int) -> str:
    """Say how to read the boxplots, and which p value their marks stand for.

    Args:
        most_points: of a group; where there are more, the figure draws bars for them.
    """
    return (
        "Boxes: median and quartiles of participants’ mean scores; whiskers to the furthest participant within 1.5 "
        "interquartile ranges; each point a participant, larger beyond the whiskers, moved sideways where scores "
        f"coincide{_crowds(result, most_points)}. {marks(result)}."
    )


def marks(result: ComparisonResult) -> str:
    """Say which p value the marks of the boxplots stand for."""
    used = dict.fromkeys(muscle["method"] for muscle in estimated(result))
    tests = " or the ".join(_TESTS[method] for method in used)
    of = f"; p is that of the {tests}, not adjusted for the number of muscles as Holm’s p is" if used else ""
    return f"*** p < 0.001, ** p < 0.01, * p < 0.05, NS not significant, – no p value{of}"


def _crowds(result: ComparisonResult, most_points: int) -> str:
    """Say how large groups are drawn."""
    if max(result["n"]["by_group"].values()) <= most_points:
        return ""
    return f"; of more than {most_points} within the whiskers, bars as long as their rows would be"


def _difference(groups: GroupPair, estimable: list[EstimatedMuscle]) -> str:
    raw = sum(muscle["p"] < LEVEL for muscle in estimable)
    adjusted = sum(muscle["p_holm"] < LEVEL for muscle in estimable)
    return (
        f"{groups['compared']} and {groups['reference']} differ in {raw} of {counted(len(estimable), 'muscle')} "
        f"at p < {LEVEL}, in {adjusted} after Holm’s adjustment."
    )


def _directions(groups: GroupPair, estimable: list[EstimatedMuscle]) -> list[str]:
    significant = [muscle for muscle in estimable if muscle["p"] < LEVEL]
    parts = (
        (f"Higher in {groups['compared']}", [muscle for muscle in significant if muscle["estimate"] > 0]),
        (f"Higher in {groups['reference']}", [muscle for muscle in significant if muscle["estimate"] < 0]),
        ("No difference shown", [muscle for muscle in estimable if muscle["p"] >= LEVEL]),
    )
    return [f"{words}: {_labels(muscles)}." for words, muscles in parts if muscles]


def _labels(muscles: Sequence[MuscleResult]) -> str:
    return ", ".join(MUSCLE_BY_CODE[muscle["muscle"]].label for muscle in muscles)


def _reasons(muscles: list[MuscleResult]) -> str:
    """Give the reasons why nothing is estimable, each once."""
    return " ".join(dict.fromkeys(muscle["note"] for muscle in muscles if muscle["note"]))
