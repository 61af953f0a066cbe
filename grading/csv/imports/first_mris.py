"""Which of a participant's MRIs was the first: with several, the days since it say so. Pure: no Django."""

from dataclasses import dataclass
from itertools import pairwise

from grading.csv.imports.row_parser import quoted
from grading.sheets.refusal import Problems

_COLUMN = "days_since_first_mri"


@dataclass(frozen=True)
class DaysOfMRI:
    """An MRI as it is to be stored; its line is None where it is not in the file."""

    code: str
    days: int | None  # since the first
    year: int | None
    line: int | None


def check_first_mri(participant: str, mris: list[DaysOfMRI], problems: Problems) -> None:
    """Report what keeps several MRIs of a participant from having a first: every one needs days, distinct, one 0."""
    if len(mris) < 2:
        return
    line = next(mri.line for mri in mris if mri.line is not None)
    if why := _why_no_first(mris):
        problems.add(
            f"Participant {quoted(participant)} has {len(mris)} MRIs, so each needs its whole days since the first, "
            f"and the first has 0. {why}",
            line,
            _COLUMN,
        )
        return
    in_order = sorted(mris, key=lambda mri: mri.days or 0)
    for before, after in pairwise(mri for mri in in_order if mri.year is not None):
        if (after.year or 0) < (before.year or 0):
            message = (
                f"{after.year} for MRI {quoted(after.code)}, but {quoted(before.code)}, before it, is of {before.year}"
            )
            problems.add(f"{message}: correct a year, or the days.", after.line or line, "scan_year")


def _why_no_first(mris: list[DaysOfMRI]) -> str | None:
    if missing := [mri for mri in mris if mri.days is None]:
        stored = [mri for mri in missing if mri.line is None]
        also = " Add a row for each that the study has already." if stored else ""
        return f"There are none for {_listed(missing)}.{also}"
    days = [mri.days for mri in mris]
    if equal := [mri for mri in mris if days.count(mri.days) > 1]:
        return f"They are equal for {_listed(equal)}."
    return None if 0 in days else f"None of {_listed(mris)} has 0."


def _listed(mris: list[DaysOfMRI]) -> str:
    return ", ".join(quoted(mri.code) for mri in mris)
