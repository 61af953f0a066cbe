"""What the figure says on hover and in its legend: plain text, with a line feed between lines."""

from analysis.stats.result_types.comparison import GroupPair
from analysis.stats.result_types.muscles import EstimatedMuscle, MuscleResult
from analysis.words.notation import METHODS, exact_p, interval, median_iqr, number
from grading.anatomy import MUSCLE_BY_CODE

_LEGEND = 64  # characters that fit beside a legend's mark where the figure is narrowest


def shortened(text: str, characters: int) -> str:
    """Return the text, or its beginning with an ellipsis where it is longer than that many characters."""
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def legend_text(code: str, name: str, participants: int) -> str:
    """Write ``DM dermatomyositis (n = 11)``, shortened where it would not fit."""
    words = code if name == code else f"{code} {name}"
    return f"{shortened(words, _LEGEND)} (n = {participants})"


def point_text(participant: str, group: str, muscle: str, mean: float | None) -> str:
    """Say who a participant is and what their mean is in one muscle."""
    return f"{participant} ({group}), {MUSCLE_BY_CODE[muscle].label}: {_mean(mean)}"


def mean_text(participants: int, group: str, muscle: str, mean: float | None) -> str:
    """Say how many participants share a row and what their mean is in one muscle."""
    return f"{participants} participants ({group}), {MUSCLE_BY_CODE[muscle].label}: {_mean(mean)}"


def _mean(mean: float | None) -> str:
    return "no grade" if mean is None else f"mean {number(mean)}"


def box_text(muscle: MuscleResult, group: str, groups: GroupPair) -> str:
    """Say a group's scores in one muscle, then what the model says of the muscle."""
    summary = muscle["groups"][group]
    seen = f"{group}: n = {summary['n']}, median {median_iqr(summary)}"
    return "\n".join([_name(muscle), seen, *_estimate_or_reason(muscle, groups)])


def mark_text(muscle: MuscleResult, groups: GroupPair) -> str:
    """Say what the model says of a muscle, or why it says nothing."""
    return "\n".join([_name(muscle), *_estimate_or_reason(muscle, groups)])


def _name(muscle: MuscleResult) -> str:
    known = MUSCLE_BY_CODE[muscle["muscle"]]
    return f"{known.label}, {known.name}"


def _estimate_or_reason(muscle: MuscleResult, groups: GroupPair) -> list[str]:
    if muscle["status"] == "not_estimable":
        lines = ["Not estimable."]
    elif muscle["status"] == "separated":
        lines = [_difference(muscle, groups), _permutation(muscle).removeprefix(", ")]
    else:
        lines = _estimate(muscle, groups)
    return [line for line in (*lines, muscle["note"]) if line]


def _estimate(muscle: EstimatedMuscle, groups: GroupPair) -> list[str]:
    return [
        f"{_difference(muscle, groups)}, 95 % interval {interval(muscle['ci_low'], muscle['ci_high'])}",
        f"p {exact_p(muscle['p'])} ({METHODS[muscle['method']]}, df {number(muscle['df'], 1)})",
        f"Holm p {exact_p(muscle['p_holm'])}{_permutation(muscle)}",
    ]


def _difference(muscle: MuscleResult, groups: GroupPair) -> str:
    return f"{groups['compared']} − {groups['reference']} {number(muscle['estimate'])}"


def _permutation(muscle: MuscleResult) -> str:
    permuted, max_t = muscle["p_permutation"], muscle["p_permutation_max_t"]
    return "" if permuted is None else f", permutation p {exact_p(permuted)}, max-T p {exact_p(max_t)}"
