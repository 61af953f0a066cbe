"""The mixed model of agreement, which takes every grade, as cells of a table."""

from dataclasses import dataclass

from analysis.stats.result_types.agreement import AgreementResult, MixedModel
from analysis.words.agreement.table import muscle_label
from analysis.words.comparison.table import by_reason
from analysis.words.notation import number

HEADS = (
    "units",
    "grades",
    "ICC, agreement",
    "ICC, consistency",
    "variance of units",
    "of readers",
    "residual",
    "smallest detectable",
)


@dataclass(frozen=True)
class MixedRow:
    """One muscle, or all of them: its label and the cells under `HEADS`."""

    label: str
    cells: list[str]


def cells(entry: MixedModel) -> list[str]:
    """Write the cells of one muscle, or of all, in the order of `HEADS`."""
    iccs = (entry["icc_agreement"], entry["icc_consistency"])
    variances = (entry["unit"], entry["reader"], entry["residual"])
    numbers = [number(icc) for icc in iccs] + [number(variance, 3) for variance in variances]
    return [f"{entry['units']:,}", f"{entry['grades']:,}", *numbers, number(entry["smallest_detectable_difference"])]


def mixed_rows(result: AgreementResult) -> list[MixedRow]:
    """Make a row for each muscle in the paper's order, then for all of them."""
    return [MixedRow(muscle_label(entry["muscle"]), cells(entry)) for entry in result["mixed_model"]]


def mixed_notes(result: AgreementResult) -> dict[str, list[str]]:
    """List each note once, with the muscles that it is about."""
    return by_reason((muscle_label(entry["muscle"]), entry["note"]) for entry in result["mixed_model"] if entry["note"])
