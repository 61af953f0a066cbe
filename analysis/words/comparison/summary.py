"""What a comparison shows, in words."""

from collections.abc import Mapping
from typing import Any

from analysis.words.notation import METHODS
from grading.anatomy import MUSCLE_BY_CODE

LEVEL = 0.05
_TESTS = {name: f"mixed model ({words})" for name, words in METHODS.items()} | {"linear_model": "linear model"}


def summary(result: Mapping[str, Any]) -> str:
    """The sentences under the figure: how many muscles differ, in which direction, and which cannot be judged."""
    estimable = [muscle for muscle in result["muscles"] if muscle["p"] is not None]
    if not estimable:
        return f"Nothing can be estimated yet. {_reasons(result['muscles'])}"
    sentences = [_difference(result["groups"], estimable), *_directions(result["groups"], estimable)]
    if missing := [muscle for muscle in result["muscles"] if muscle["p"] is None]:
        sentences.append(f"Not estimable: {_labels(missing)}.")
    return " ".join(sentences)


def caption(result: Mapping[str, Any], *, most_points: int) -> str:
    """Say how to read the boxplots, and which p value their marks stand for.

    Args:
        most_points: of a group; where there are more, the figure draws bars for them.
    """
    return (
        "Boxes: median and quartiles of participants’ mean scores; whiskers to the furthest participant within 1.5 "
        "interquartile ranges; each point a participant, larger beyond the whiskers, moved sideways where scores "
        f"coincide{_crowds(result, most_points)}. {marks(result)}."
    )


def marks(result: Mapping[str, Any]) -> str:
    """What the boxplots' marks stand for."""
    used = dict.fromkeys(muscle["method"] for muscle in result["muscles"] if muscle["method"])
    tests = " or the ".join(map(_TESTS.__getitem__, used))
    of = f"; p is that of the {tests}, not adjusted for the number of muscles as Holm’s p is" if used else ""
    return f"*** p < 0.001, ** p < 0.01, * p < 0.05, NS not significant, – no p value{of}"


def _crowds(result: Mapping[str, Any], most_points: int) -> str:
    """Say how large groups are drawn."""
    if max(result["n"]["by_group"].values()) <= most_points:
        return ""
    return f"; of more than {most_points} within the whiskers, bars as long as their rows would be"


def _difference(groups: Mapping[str, str], estimable: list[Mapping[str, Any]]) -> str:
    raw = len(_significant(estimable, "p"))
    adjusted = len(_significant(estimable, "p_holm"))
    return (
        f"{groups['compared']} and {groups['reference']} differ in {raw} of {_muscles(len(estimable))} "
        f"at p < {LEVEL}, in {adjusted} after Holm’s adjustment."
    )


def _directions(groups: Mapping[str, str], estimable: list[Mapping[str, Any]]) -> list[str]:
    significant = _significant(estimable, "p")
    parts = (
        (f"Higher in {groups['compared']}", [muscle for muscle in significant if muscle["estimate"] > 0]),
        (f"Higher in {groups['reference']}", [muscle for muscle in significant if muscle["estimate"] < 0]),
        ("No difference shown", [muscle for muscle in estimable if muscle not in significant]),
    )
    return [f"{words}: {_labels(muscles)}." for words, muscles in parts if muscles]


def _significant(muscles: list[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [muscle for muscle in muscles if muscle[key] is not None and muscle[key] < LEVEL]


def _labels(muscles: list[Mapping[str, Any]]) -> str:
    return ", ".join(MUSCLE_BY_CODE[muscle["muscle"]].label for muscle in muscles)


def _muscles(count: int) -> str:
    return "1 muscle" if count == 1 else f"{count} muscles"


def _reasons(muscles: list[Mapping[str, Any]]) -> str:
    """The reasons why nothing is estimable, each once."""
    return " ".join(dict.fromkeys(muscle["note"] for muscle in muscles if muscle["note"]))
