"""A study's targets of agreement, beside the intervals that they are to be held against. Without a verdict."""

from collections.abc import Iterator

from analysis.stats.result_types.agreement import AgreementResult, AgreementTarget, CoefficientEstimate
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.agreement.coefficients import BY_CODE, estimate_text
from analysis.words.agreement.table import between_readers
from analysis.words.notation import number
from analysis.words.prose import capitalised, listed
from grading.anatomy import MUSCLE_BY_CODE


def least_of(result: AgreementResult, code: CoefficientCode, scope: str) -> float | None:
    """Find the target of a coefficient, of each "muscle" or "overall"; None where the study has set none."""
    return next((each["least"] for each in _of(result, code) if each["scope"] == scope), None)


def has_target(result: AgreementResult, code: CoefficientCode) -> bool:
    """Say whether the study has set a target of a coefficient, of each muscle or over all of them."""
    return any(_of(result, code))


def _of(result: AgreementResult, code: CoefficientCode) -> Iterator[AgreementTarget]:
    return (each for each in result["targets"] if each["coefficient"] == code)


def least_text(least: float | None) -> str:
    """Write a target as it was set: with two decimals, or more where it has more; a dash where there is none."""
    return number(least) if least is None or least == round(least, 2) else str(least)


def beside_intervals(result: AgreementResult) -> list[str]:
    """Say what each target's coefficient is, with its interval, and what the study's target is."""
    return [_beside(result, target) for target in result["targets"]]


def _beside(result: AgreementResult, target: AgreementTarget) -> str:
    name, least = BY_CODE[target["coefficient"]].in_sentence, least_text(target["least"])
    if target["scope"] == "overall":
        return f"Over all muscles, {name} is {_or_undefined(_quotable(result, target))}; the study’s target is {least}."
    return f"{capitalised(_by_muscle(result, target))}; the study’s target of each muscle is {least}."


def _quotable(result: AgreementResult, target: AgreementTarget) -> CoefficientEstimate:
    """The pooled coefficient with an interval that resamples participants."""
    if target["coefficient"] == "icc_2_1":
        return result["resampled"][-1]["icc_2_1"]
    return between_readers(result)[target["coefficient"]]


def _by_muscle(result: AgreementResult, target: AgreementTarget) -> str:
    """The muscles with the lowest and the highest value, with their intervals."""
    code = target["coefficient"]
    found = [
        (value, MUSCLE_BY_CODE[entry["muscle"]].label, entry[code])
        for entry in result["inter"]
        if entry["muscle"] in MUSCLE_BY_CODE and (value := entry[code]["value"]) is not None
    ]
    if not found:
        return f"{BY_CODE[code].in_sentence} is not defined for any muscle"
    ends = (min(found, key=lambda each: each[0]), max(found, key=lambda each: each[0]))
    low, high = (f"{estimate_text(estimate)} ({label})" for _, label, estimate in ends)
    return f"{BY_CODE[code].in_sentence} runs from {low} to {high}"


def _or_undefined(estimate: CoefficientEstimate) -> str:
    return "not defined" if estimate["value"] is None else estimate_text(estimate)


def as_set(result: AgreementResult) -> str:
    """Name the targets that the study has set: ``an ICC(2,1) of at least 0.75 over all muscles``; "" without any."""
    scopes = {"muscle": "for each muscle", "overall": "over all muscles"}
    articles = {"icc_2_1": "an", "kappa_quadratic": "a"}
    return listed(
        f"{articles[each['coefficient']]} {BY_CODE[each['coefficient']].in_sentence} of at least "
        f"{least_text(each['least'])} {scopes[each['scope']]}"
        for each in result["targets"]
    )
