"""What reader agreement is, in words: the sentences above the figure, and how the numbers were come by.

No verbal labels such as "good": the thresholds behind them differ between authors and are nobody's here.
"""

from collections.abc import Mapping
from typing import Any

from analysis.stats.agreement.bootstrap import RESAMPLES
from analysis.stats.agreement.inter_reader import OVERALL
from analysis.words.agreement.coefficients import BY_CODE, is_too_narrow
from analysis.words.notation import DASH, interval, number
from grading.anatomy import MUSCLE_BY_CODE

HEADLINE = ("icc_2_1", "kappa_quadratic", "ac2")  # three that fail in different places: never one alone
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NO_BREAK = "\u00a0"
_IN_SENTENCE = {"icc_2_1": "ICC(2,1)", "kappa_quadratic": "quadratic weighted kappa", "ac2": "Gwet’s AC2"}


def nothing_to_say(result: Mapping[str, Any]) -> str:
    """Why there is no agreement between readers yet; empty when there is."""
    overall = _overall(result)
    if overall["units"]:
        return ""
    readers = result["readers"]
    if not readers:
        return (
            "No first read of a participant’s first MRI is signed off yet. Agreement appears here when two readers "
            "have signed off the same one."
        )
    if len(readers) == 1:
        return f"So far only {readers[0]} has signed-off reads. Agreement needs two readers of the same MRI."
    return f"{_readers(result)} have signed-off reads, but no muscle of an MRI was graded by two of them."


def finding(result: Mapping[str, Any], participants: int) -> str:
    """Overall agreement in two sentences: how often grades are equal, then three coefficients with intervals."""
    overall = _overall(result)
    twice = "both" if len(result["readers"]) == 2 else "at least two"
    coefficients = _listed([_coefficient(overall, code) for code in HEADLINE])
    return (
        f"{_readers(result)}; {overall['units']:,} units (muscles of {_participants(participants)}) were graded by "
        f"{twice} of them. Two grades of a unit were equal in {_percent(overall['exact'])} and at most one step "
        f"apart in {_percent(overall['within_one'])}. Overall, {coefficients}."
    )


def spread(result: Mapping[str, Any]) -> str:
    """Which muscle is lowest and which highest by each of the three; empty with fewer than two muscles."""
    ranges = [text for code in HEADLINE if (text := _range(result, code))]
    return f"By muscle, {_listed(ranges)}." if ranges else ""


def method() -> dict[str, str]:
    """How units, incomplete units, intervals and labels are dealt with: the reliability items of GRRAS."""
    return {
        "Units": "A unit is one muscle (and side) of one participant’s first MRI, by its first signed-off reads: those "
        "for edema, or for fat where the MRI has none for edema. Readers are the raters. Grades that were not "
        "assessable are no grades. Diagnosis groups play no part.",
        "Incomplete units": "Alpha takes every unit with two grades or more; AC2 also takes single grades, for the "
        "shares of the grades. Exact, within 1 and kappa take each pair of readers on the units both graded; the first "
        "two pool the pairs, kappa is their mean. The ICC takes only units that every reader graded; a note says how "
        "many.",
        "Intervals": f"95 %. Those of exact, within 1, kappa, alpha and AC2 are percentiles of {RESAMPLES:,} bootstrap "
        "resamples of participants, with a fixed seed; those of the ICC come from its F distributions.",
        "All muscles": "A participant’s muscles are alike, so units within a participant are correlated. The bootstrap "
        "resamples whole participants and respects that. The ICC’s interval takes units as independent: over all "
        "muscles it is too narrow (marked †), so quote the ICC per muscle.",
        "Words": "No “good” or “poor” here: the thresholds behind such words differ between authors (Landis and Koch "
        "1977, Koo and Li 2016) and suit no study in particular. State the agreement that the study needs, and compare "
        "the interval with it.",
        "Reporting": "GRRAS (Kottner et al. 2011) asks, beside these numbers: who the readers are and how they were "
        "chosen and trained, that they read independently and blind to groups, and how many units each of them graded.",
    }


def _overall(result: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(entry for entry in result["inter"] if entry["muscle"] == OVERALL)


def _readers(result: Mapping[str, Any]) -> str:
    count = len(result["readers"])
    return f"{_NUMBERS[count].capitalize() if count < len(_NUMBERS) else count} readers"


def _participants(count: int) -> str:
    return "1 participant" if count == 1 else f"{count:,} participants"


def _percent(estimate: Mapping[str, Any]) -> str:
    low, high = estimate["ci_low"], estimate["ci_high"]
    limits = "" if low is None or high is None else f"{_NO_BREAK}[{100 * low:.0f},{_NO_BREAK}{100 * high:.0f}]"
    return f"{100 * estimate['value']:.0f}{_NO_BREAK}%{limits}"


def _coefficient(entry: Mapping[str, Any], code: str) -> str:
    estimate = entry[code]
    if estimate["value"] is None:
        return f"{_IN_SENTENCE[code]} is not defined"
    limits = interval(estimate["ci_low"], estimate["ci_high"])
    mark = "†" if is_too_narrow(entry, code) else ""
    shown = "" if limits == DASH else f"{_NO_BREAK}{limits.replace(' ', _NO_BREAK)}{mark}"
    return f"{_IN_SENTENCE[code]} is {number(estimate['value'])}{shown}"


def _range(result: Mapping[str, Any], code: str) -> str:
    values = {
        entry["muscle"]: entry[code]["value"]
        for entry in result["inter"]
        if entry["muscle"] in MUSCLE_BY_CODE and entry[code]["value"] is not None
    }
    if len(values) < 2:
        return ""
    low, high = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    return (
        f"{BY_CODE[code].head if code != 'kappa_quadratic' else 'kappa'} runs from {number(values[low])} "
        f"({MUSCLE_BY_CODE[low].label}) to {number(values[high])} ({MUSCLE_BY_CODE[high].label})"
    )


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
