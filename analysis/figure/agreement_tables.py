"""The numbers of the figures of agreement as tables."""

from collections.abc import Sequence

from analysis.figure.tables import Table
from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.result_types.agreement import AgreementEntry, AgreementResult, Bias
from analysis.stats.result_types.answers import Disagreement
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.agreement.coefficients import BY_CODE, is_too_narrow
from analysis.words.agreement.table import muscle_label
from analysis.words.agreement.targets import has_target, least_of, least_text
from analysis.words.notation import DASH, interval, number


def agreement_table(agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]) -> Table:
    """Give each muscle's coefficients with their intervals, then those of all muscles."""
    aimed = [code for code in codes if has_target(agreement, code)]
    heads = [head for code in codes for head in (BY_CODE[code].name, "95 % interval")]
    heads += [f"the study’s target, {BY_CODE[code].name}" for code in aimed]
    rows = (
        (
            muscle_label(entry["muscle"]),
            str(entry["units"]),
            *(cell for code in codes for cell in _cells(entry, code)),
            *(least_text(least_of(agreement, code, _scope(entry))) for code in aimed),
        )
        for entry in agreement["inter"]
    )
    return Table(("Muscle", "units", *heads), tuple(rows))


def _scope(entry: AgreementEntry) -> str:
    return OVERALL if entry["muscle"] == OVERALL else "muscle"


def _cells(entry: AgreementEntry, code: CoefficientCode) -> tuple[str, str]:
    estimate = entry[code]
    limits = interval(estimate["ci_low"], estimate["ci_high"])
    return number(estimate["value"]), f"{limits}†" if is_too_narrow(entry, code) else limits


def bland_altman_table(
    agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]
) -> Table:
    """Give every dot, and with it the mean difference and the limits of its pair of readers."""
    head = ("First reader", "second reader", "first sum", "second sum", "mean", "difference", "participants")
    rows = (
        (*bias["readers"], *_dot(one, other), str(count), *_lines(bias))
        for bias, sums in zip(agreement["bias"], disagreement["sums"], strict=True)
        for one, other, count in sums["points"]
    )
    return Table((*head, "mean difference", "95 % limits of agreement"), tuple(rows), words=2)


def _dot(one: int, other: int) -> tuple[str, str, str, str]:
    return str(one), str(other), f"{(one + other) / 2:g}", number(one - other, 0)


def _lines(bias: Bias) -> tuple[str, str]:
    has_limits = bias["sd"] is not None
    limits = f"{number(bias['loa_low'])} to {number(bias['loa_high'])}" if has_limits else DASH
    return number(bias["mean_difference"]), limits
