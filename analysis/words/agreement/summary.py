"""What reader agreement is, in words: the sentences above the figure, and how the numbers were come by.

No verbal labels such as "good": the thresholds behind them differ between authors and are nobody's here.
"""

from analysis.stats.agreement.bootstrap import RESAMPLES
from analysis.stats.result_types.agreement import AgreementEntry, AgreementResult, CoefficientEstimate
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.agreement.coefficients import BY_CODE, estimate_text, is_too_narrow, percent_text
from analysis.words.agreement.table import between_readers
from analysis.words.notation import number
from analysis.words.prose import listed
from grading.anatomy import MUSCLE_BY_CODE

# Three that fail in different places: never one alone.
HEADLINE_COEFFICIENTS: tuple[CoefficientCode, ...] = ("icc_2_1", "kappa_quadratic", "ac2")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NO_BREAK = "\u00a0"


def nothing_to_say(result: AgreementResult) -> str:
    """Say why there is no agreement between readers yet; nothing when there is."""
    if between_readers(result)["units"]:
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


def finding(result: AgreementResult, participants: int) -> str:
    """Say overall agreement in two sentences: how often grades are equal, then three coefficients with intervals.

    Args:
        participants: how many were graded by two readers or more.
    """
    overall = between_readers(result)
    twice = "both" if len(result["readers"]) == 2 else "at least two"
    coefficients = listed(_coefficient(overall, code) for code in HEADLINE_COEFFICIENTS)
    return (
        f"{_readers(result)}; {overall['units']:,} units (muscles of {_participants(participants)}) were graded by "
        f"{twice} of them. Two grades of a unit were equal in {_percent(overall['exact'])} and at most one step "
        f"apart in {_percent(overall['within_one'])}. Overall, {coefficients}."
    )


def spread(result: AgreementResult) -> str:
    """Say which muscle is lowest and which highest by each of the three; nothing with fewer than two muscles."""
    ranges = [text for code in HEADLINE_COEFFICIENTS if (text := _range(result, code))]
    return f"By muscle, {listed(ranges)}." if ranges else ""


def method() -> dict[str, str]:
    """Explain units, incomplete units, intervals and the lack of labels: the reliability items of GRRAS."""
    return {
        "Units": "A unit is one muscle (and side) of one participant’s first MRI, by its first signed-off reads: those "
        "for edema, or for fat where the MRI has none for edema. Readers are the raters. Grades that were not "
        "assessable are no grades. Diagnosis groups play no part.",
        "Incomplete units": "Alpha takes every unit with two grades or more; AC2 also takes single grades, for the "
        "shares of the grades. Exact, within 1 and kappa take each pair of readers on the units both graded; the first "
        "two pool the pairs, kappa is their mean. The ICC takes only units that every reader graded; a note says how "
        "many. The mixed model takes every grade, as if what is missing did not depend on the grade it would have had.",
        "Intervals": f"95 %. Those of exact, within 1, kappa, alpha and AC2 are percentiles of {RESAMPLES:,} bootstrap "
        "resamples of participants, with a fixed seed; those of the ICC come from its F distributions, and stand a "
        "second time with participants resampled. The mixed model has none.",
        "All muscles": "A participant’s muscles are alike, so units within a participant are correlated. The bootstrap "
        "resamples whole participants and respects that. The ICC’s interval takes units as independent: over all "
        "muscles it is too narrow (marked †), so quote there the one with participants resampled.",
        "Words": "No “good” or “poor” here: the thresholds behind such words differ between authors (Landis and Koch "
        "1977, Koo and Li 2016) and suit no study in particular. State the agreement that the study needs, and compare "
        "the interval with it.",
        "Reporting": "GRRAS (Kottner et al. 2011) asks, beside these numbers: who the readers are and how they were "
        "chosen and trained, that they read independently and blind to groups, and how many units each of them graded.",
    }


def _readers(result: AgreementResult) -> str:
    count = len(result["readers"])
    return f"{_NUMBERS[count].capitalize() if count < len(_NUMBERS) else count} readers"


def _participants(count: int) -> str:
    return "1 participant" if count == 1 else f"{count:,} participants"


def _percent(estimate: CoefficientEstimate) -> str:
    """Write ``80 % [70, 90]``, without a line break in it."""
    return percent_text(estimate, unit=" %").replace(" ", _NO_BREAK)


def _coefficient(entry: AgreementEntry, code: CoefficientCode) -> str:
    name = BY_CODE[code].in_sentence
    if entry[code]["value"] is None:
        return f"{name} is not defined"
    mark = "†" if is_too_narrow(entry, code) else ""
    return f"{name} is {estimate_text(entry[code]).replace(' ', _NO_BREAK)}{mark}"


def _range(result: AgreementResult, code: CoefficientCode) -> str:
    values = {
        MUSCLE_BY_CODE[entry["muscle"]].label: value
        for entry in result["inter"]
        if entry["muscle"] in MUSCLE_BY_CODE and (value := entry[code]["value"]) is not None
    }
    if len(values) < 2:
        return ""
    low, high = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    return f"{BY_CODE[code].in_sentence} runs from {number(values[low])} ({low}) to {number(values[high])} ({high})"
