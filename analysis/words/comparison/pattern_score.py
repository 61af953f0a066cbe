"""How well the score of the pattern tells the groups apart, in words."""

from analysis.stats.pattern_score import AT_MOST, AT_ONCE
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.pattern_score import PatternScoreResult
from analysis.words.notation import interval_of_share, number
from grading.anatomy import MUSCLE_BY_CODE

CAVEAT = (
    "This is no validated classifier: no participant of another study was scored, and who is in the groups was settled "
    "before."
)
WIDE = "The interval is very wide where nothing differs: one that holds 0.5 shows little."
BIAS = (
    "Where nothing differs, areas of muscles chosen in this way lie 0.01 to 0.02 above 0.5 on the average, and one of "
    "twenty is 0.8 or more (simulated, 2,000 data sets of 14 against 11 participants)."
)


def pattern_score_sentence(result: ComparisonResult) -> str:
    """Say the area under the curve, its interval, and what it is not; nothing where that was not asked for."""
    found = result.get("pattern_score")
    if found is None:
        return ""
    groups = result["groups"]
    if found["value"] is None:
        return f"How well the pattern tells the groups apart cannot be said. {found['note']}"
    area = f"{number(found['value'])}{_interval(found)}"
    return " ".join(
        filter(
            None,
            [
                f"The pattern’s score, {_muscles(found)}, is higher in a participant of {groups['compared']} than in "
                f"one of {groups['reference']} with probability {area} (area under the curve{_folds(found)}).",
                found["note"],
                CAVEAT,
                "" if found["is_fixed"] else BIAS,
                "" if found["is_fixed"] or found["ci_low"] is None else WIDE,
            ],
        )
    )


def pattern_score_on_page(result: ComparisonResult) -> str:
    """Say the same on the page, and why it is missing where participants are too many to wait for it unasked."""
    if result["n"]["participants"] > AT_MOST:
        return (
            f"How well the pattern tells the groups apart is shown up to {AT_MOST:,} participants. Whoever runs this "
            "site can compute it beyond."
        )
    if is_offered(result) and "pattern_score" not in result:
        return (
            f"How well the pattern tells the groups apart takes longer with more than {AT_ONCE} participants. It is "
            "computed where somebody asks for it on the page of the comparison."
        )
    return pattern_score_sentence(result)


def is_offered(result: ComparisonResult) -> bool:
    """Say whether it is computed only where somebody asks for it."""
    return AT_ONCE < result["n"]["participants"] <= AT_MOST


def pattern_score_in_paper(result: ComparisonResult) -> str:
    """Write the one sentence for a paper; nothing where there is no area."""
    found = result.get("pattern_score")
    if found is None or found["value"] is None:
        return ""
    chosen = "of muscles named beforehand" if found["is_fixed"] else "of muscles chosen inside each fold"
    bias = "" if found["is_fixed"] else " (without any difference, simulated areas lie 0.01 to 0.02 above 0.5)"
    return (
        f"A score for each participant (the difference of two means {chosen}; leave-one-participant-out) "
        f"had an area under the curve of {number(found['value'])}{_interval(found)}, "
        f"which is no validation in other participants{bias}."
    )


def area_in_words(found: PatternScoreResult) -> list[str]:
    """Write the area and its interval, as beside the curve."""
    if found["ci_low"] is None:
        return [f"area {number(found['value'])}"]
    return [f"area {number(found['value'])}", f"95 % interval {interval_of_share(found['ci_low'], found['ci_high'])}"]


def key(result: ComparisonResult) -> tuple[str, ...]:
    """Say what the marks of the figure are, and what they are not; nothing where it has none."""
    found = result.get("pattern_score")
    if found is None or found["value"] is None:
        return ()
    chosen = "named beforehand" if found["is_fixed"] else "that the others chose"
    return (
        f"Points: each participant’s score, by muscles {chosen}; bars: medians. Curve (ROC): for every score, the "
        "share of each group that scores so high, sensitivity upwards, 1 − specificity to the right;",
        f"dotted: where nothing tells the groups apart. In numbers: {', '.join(area_in_words(found))}. {CAVEAT}",
    )


def _interval(found: PatternScoreResult) -> str:
    if found["ci_low"] is None:
        return ""
    limits = interval_of_share(found["ci_low"], found["ci_high"])
    return f" (95 % interval {limits}, {found['resamples']} resamples of participants)"


def _folds(found: PatternScoreResult) -> str:
    return "" if found["is_fixed"] else ", each participant scored by muscles that the others chose"


def _muscles(found: PatternScoreResult) -> str:
    lists = [_mean(found[side]) for side in ("higher", "lower")]
    return f"{lists[0]} minus {lists[1]}"


def _mean(codes: list[str]) -> str:
    return f"the mean of {', '.join(MUSCLE_BY_CODE[code].label for code in codes)}" if codes else "0 (no muscle)"
