"""What a comparison shows, in words."""

from collections.abc import Sequence

from analysis.stats.result_types.comparison import ComparisonResult, GroupPair
from analysis.stats.result_types.muscles import EstimatedMuscle, MuscleResult, SeparatedMuscle
from analysis.words.comparison.sides import side_warning
from analysis.words.comparison.table import estimated, judged, separated
from analysis.words.notation import LEVEL, METHODS, exact_p, number
from analysis.words.prose import counted
from analysis.words.question.deciding import deciding, instead, p_of_separated
from grading.anatomy import MUSCLE_BY_CODE

Judged = Sequence[tuple[EstimatedMuscle | SeparatedMuscle, float]]
_TESTS = {name: f"mixed model ({words})" for name, words in METHODS.items()} | {"linear_model": "linear model"}


def summary(result: ComparisonResult) -> str:
    """Say how many muscles differ, in which direction, and which cannot be judged: the sentences under the figure."""
    found = judged(result)
    apart = separated(result)
    if not found and not apart:
        return f"Nothing can be estimated yet. {_reasons(result['muscles'])}"
    sentences = [_difference(result, found), *_directions(result["groups"], found)] if found else []
    if apart:
        each = ", ".join(_separation(result, muscle) for muscle in apart)
        sentences.append(f"Complete separation, no model-based interval: {each}.")
    if missing := [muscle for muscle in result["muscles"] if muscle["status"] == "not_estimable"]:
        sentences.append(f"Not estimable: {_labels(missing)}.")
    return " ".join(filter(None, [*sentences, side_warning(result), instead(result)]))


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
    of = f"; {p_origin(result)}" if estimated(result) else ""
    return f"*** p < 0.001, ** p < 0.01, * p < 0.05, NS not significant, – no p value{of}"


def p_origin(result: ComparisonResult) -> str:
    """Say where the p value comes from that decides, and why it is another than the one asked for."""
    tests = " or the ".join(_TESTS[method] for method in dict.fromkeys(each["method"] for each in estimated(result)))
    of = "" if result["deciding"]["used"] == "max-t" else f"that of the {tests}, "
    why = f" ({shown[:1].lower()}{shown[1:].rstrip('.')})" if (shown := instead(result)) else ""
    return f"p is {of}{deciding(result).how}{why}"


def differences(result: ComparisonResult) -> str:
    """Say what the marks of the forest plot stand for."""
    apart = "; diamond: complete separation, no interval" if separated(result) else ""
    of = f"; {p_origin(result)}" if estimated(result) else ""
    return f"Filled, in the colour of the higher group: p < {LEVEL}; open: no difference shown{apart}{of}"


def _crowds(result: ComparisonResult, most_points: int) -> str:
    """Say how large groups are drawn."""
    if max(result["n"]["by_group"].values()) <= most_points:
        return ""
    return f"; of more than {most_points} within the whiskers, bars as long as their rows would be"


def _difference(result: ComparisonResult, found: Judged) -> str:
    groups = result["groups"]
    differing = sum(p < LEVEL for _, p in found)
    return (
        f"{groups['compared']} and {groups['reference']} differ in {differing} of {counted(len(found), 'muscle')} "
        f"at p < {LEVEL}, {deciding(result).how}."
    )


def _directions(groups: GroupPair, found: Judged) -> list[str]:
    significant = [muscle for muscle, p in found if p < LEVEL]
    parts = (
        (f"Higher in {groups['compared']}", [muscle for muscle in significant if muscle["estimate"] > 0]),
        (f"Higher in {groups['reference']}", [muscle for muscle in significant if muscle["estimate"] < 0]),
        ("No difference shown", [muscle for muscle, p in found if p >= LEVEL]),
    )
    return [f"{words}: {_labels(muscles)}." for words, muscles in parts if muscles]


def _separation(result: ComparisonResult, muscle: SeparatedMuscle) -> str:
    higher = result["groups"]["compared" if muscle["estimate"] > 0 else "reference"]
    name, permuted = p_of_separated(result, muscle)
    p = "" if permuted is None else f", {name} {exact_p(permuted)}"
    return f"{MUSCLE_BY_CODE[muscle['muscle']].label} (higher in {higher} by {number(abs(muscle['estimate']))}{p})"


def _labels(muscles: Sequence[MuscleResult]) -> str:
    return ", ".join(MUSCLE_BY_CODE[muscle["muscle"]].label for muscle in muscles)


def _reasons(muscles: list[MuscleResult]) -> str:
    """Give the reasons why nothing is estimable, each once."""
    return " ".join(dict.fromkeys(muscle["note"] for muscle in muscles if muscle["note"]))
