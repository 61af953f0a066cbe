"""Reader agreement as aligned tables, for a terminal."""

from collections.abc import Iterable, Iterator

from analysis.stats.result_types.agreement import (
    AgreementEntry,
    AgreementResult,
    Bias,
    MixedModel,
    ReaderEffect,
    Resampled,
)
from analysis.words.agreement.against import HEADS as AGAINST_HEADS
from analysis.words.agreement.against import against_tables
from analysis.words.agreement.coefficients import COEFFICIENTS, estimate_text
from analysis.words.agreement.mixed_model import HEADS as MIXED_HEADS
from analysis.words.agreement.mixed_model import cells as mixed_cells
from analysis.words.agreement.resampled import HEADS as RESAMPLED_HEADS
from analysis.words.agreement.resampled import cells as resampled_cells
from analysis.words.agreement.table import over_all_muscles
from analysis.words.agreement.targets import beside_intervals
from analysis.words.comparison.table import by_reason
from analysis.words.notation import interval, number
from analysis.words.text_table import aligned
from grading.anatomy import MUSCLE_BY_CODE

_OVERALL = "Pairs of readers, and re-reads of one reader, over all muscles (per muscle: --format json)"


def as_text(result: AgreementResult) -> str:
    """Write agreement by muscle, by every grade, of pairs and re-reads, then bias and reader effects."""
    pairs = [(" and ".join(entry["readers"]), entry) for entry in over_all_muscles(result["pairs"])]
    intra = [(f"{entry['reader']} again", entry) for entry in over_all_muscles(result["intra"])]
    readers = ", ".join(result["readers"]) or "none yet"
    parts = [
        f"{result['study']}: readers {readers}; data {result['data_version'][:12]}",
        _table((_muscle(entry["muscle"]), entry) for entry in result["inter"]),
        _mixed(result["mixed_model"]),
        _resampled(result["resampled"]),
        f"{_OVERALL}\n{_table([*pairs, *intra])}",
        _bias(result["bias"]),
        _effects(result["reader_effects"]),
        *_against(result),
        *(["\n".join(beside_intervals(result))] if result["targets"] else []),
    ]
    return "\n\n".join(parts)


def _table(rows: Iterable[tuple[str, AgreementEntry]]) -> str:
    rows = list(rows)
    head = ["", "units", *(coefficient.head for coefficient in COEFFICIENTS)]
    cells = [
        [label, str(entry["units"]), *(estimate_text(entry[coefficient.code]) for coefficient in COEFFICIENTS)]
        for label, entry in rows
    ]
    notes = by_reason((label, entry["note"]) for label, entry in rows if entry["note"])
    return "\n".join([*aligned([head, *cells]), *(f"{', '.join(labels)}: {note}" for note, labels in notes.items())])


def _muscle(code: str) -> str:
    return MUSCLE_BY_CODE[code].label if code in MUSCLE_BY_CODE else code


def _bias(entries: Iterable[Bias]) -> str:
    head = ["Bias, sum score", "mean difference", "SD", "95 % limits of agreement", "per grade", "95 %"]
    cells = [
        [
            " − ".join(entry["readers"]),
            number(entry["mean_difference"]),
            number(entry["sd"]),
            f"{number(entry['loa_low'])} to {number(entry['loa_high'])}",
            number(entry["per_grade"]["value"]),
            interval(entry["per_grade"]["ci_low"], entry["per_grade"]["ci_high"]),
        ]
        for entry in entries
    ]
    return "\n".join(aligned([head, *cells]))


def _effects(entries: Iterable[ReaderEffect]) -> str:
    head = ["Against the others", "participants", "units", "per grade", "95 %"]
    cells = [
        [
            entry["reader"],
            str(entry["participants"]),
            str(entry["units"]),
            number(entry["per_grade"]["value"]),
            interval(entry["per_grade"]["ci_low"], entry["per_grade"]["ci_high"]),
        ]
        for entry in entries
    ]
    notes = by_reason((entry["reader"], entry["note"]) for entry in entries if entry["note"])
    return "\n".join([*aligned([head, *cells]), *(f"{', '.join(labels)}: {note}" for note, labels in notes.items())])


def _mixed(entries: Iterable[MixedModel]) -> str:
    """Write a row for each muscle, then all of them, of the mixed model that takes every grade."""
    cells = [[_muscle(entry["muscle"]), *mixed_cells(entry)] for entry in entries]
    notes = by_reason((_muscle(entry["muscle"]), entry["note"]) for entry in entries if entry["note"])
    lines = aligned([["Every grade", *MIXED_HEADS], *cells])
    return "\n".join([*lines, *(f"{', '.join(labels)}: {note}" for note, labels in notes.items())])


def _resampled(entries: Iterable[Resampled]) -> str:
    """Write a row for each muscle, then all of them, of coefficients whose intervals resample participants."""
    cells = [[_muscle(entry["muscle"]), *resampled_cells(entry)] for entry in entries]
    notes = by_reason((_muscle(entry["muscle"]), entry["note"]) for entry in entries if entry["note"])
    lines = aligned([["Participants resampled", *RESAMPLED_HEADS], *cells])
    return "\n".join([*lines, *(f"{', '.join(labels)}: {note}" for note, labels in notes.items())])


def _against(result: AgreementResult) -> Iterator[str]:
    """Write readers against each kind of adjudicated and reference grades, over all muscles (per muscle: in JSON)."""
    for table in against_tables(result):
        lines = aligned([[table.title, *AGAINST_HEADS], *([row.label, *row.cells] for row in table.rows)])
        yield "\n".join([*lines, table.explanation])
