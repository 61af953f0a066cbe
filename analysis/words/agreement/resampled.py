"""Coefficients of all readers together whose intervals resample participants, as cells of a table."""

from dataclasses import dataclass

from analysis.stats.result_types.agreement import AgreementResult, Resampled
from analysis.words.agreement.coefficients import estimate_text, note_in_words
from analysis.words.agreement.table import muscle_label
from analysis.words.comparison.table import by_reason

HEADS = ("ICC(2,1)", "ICC(3,1)", "generalised linear kappa", "generalised quadratic kappa")
_BY_CODE = dict(zip(("icc_2_1", "icc_3_1", "kappa_linear", "kappa_quadratic"), HEADS, strict=True))


@dataclass(frozen=True)
class ResampledRow:
    """One muscle, or all of them: its label and the cells under `HEADS`."""

    label: str
    cells: list[str]


def cells(entry: Resampled) -> list[str]:
    """Write the cells of one muscle, or of all, in the order of `HEADS`."""
    found = (entry["icc_2_1"], entry["icc_3_1"], entry["kappa_linear"], entry["kappa_quadratic"])
    return [estimate_text(estimate) for estimate in found]


def resampled_rows(result: AgreementResult) -> list[ResampledRow]:
    """Make a row for each muscle in the paper's order, then for all of them."""
    return [ResampledRow(muscle_label(entry["muscle"]), cells(entry)) for entry in result["resampled"]]


def resampled_notes(result: AgreementResult) -> dict[str, list[str]]:
    """List each note once, with the muscles that it is about."""
    return by_reason(
        (muscle_label(entry["muscle"]), note_in_words(entry["note"], _BY_CODE))
        for entry in result["resampled"]
        if entry["note"]
    )
