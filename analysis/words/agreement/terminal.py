"""Reader agreement as aligned tables, for a terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.words.agreement.coefficients import COEFFICIENTS
from analysis.words.comparison.table import by_reason
from analysis.words.notation import DASH, number
from analysis.words.text_table import aligned
from grading.anatomy import MUSCLE_BY_CODE

_OVERALL = "Pairs of readers, and re-reads of one reader, over all muscles (per muscle: --format json)"


def as_text(result: Mapping[str, Any]) -> str:
    """Between readers per muscle, then each pair and each reader's re-reads overall, then bias, then the notes."""
    overall = [entry for entry in [*result["pairs"], *result["intra"]] if entry["muscle"] == OVERALL]
    readers = ", ".join(result["readers"]) or "none yet"
    parts = [
        f"{result['study']}: readers {readers}; data {result['data_version'][:12]}",
        _table(result["inter"]),
        f"{_OVERALL}\n{_table(overall)}",
        _bias(result["bias"]),
    ]
    return "\n\n".join(parts)


def _table(entries: Iterable[Mapping[str, Any]]) -> str:
    entries = list(entries)
    head = ["", "units", *(coefficient.head for coefficient in COEFFICIENTS)]
    cells = [
        [_name(entry), str(entry["units"]), *(_value(entry[coefficient.code]) for coefficient in COEFFICIENTS)]
        for entry in entries
    ]
    notes = by_reason((_name(entry), entry["note"]) for entry in entries if entry["note"])
    return "\n".join([*aligned([head, *cells]), *(f"{', '.join(names)}: {note}" for note, names in notes.items())])


def _name(entry: Mapping[str, Any]) -> str:
    if readers := entry.get("readers"):
        return " and ".join(readers)
    if reader := entry.get("reader"):
        return f"{reader} again"
    return MUSCLE_BY_CODE[entry["muscle"]].label if entry["muscle"] in MUSCLE_BY_CODE else entry["muscle"]


def _value(estimate: Mapping[str, Any]) -> str:
    if estimate["value"] is None:
        return DASH
    if estimate["ci_low"] is None or estimate["ci_high"] is None:
        return number(estimate["value"])
    return f"{number(estimate['value'])} [{number(estimate['ci_low'])}, {number(estimate['ci_high'])}]"


def _bias(entries: Iterable[Mapping[str, Any]]) -> str:
    head = ["Bias, sum score", "mean difference", "SD", "95 % limits of agreement"]
    cells = [
        [
            " − ".join(entry["readers"]),
            number(entry["mean_difference"]),
            number(entry["sd"]),
            f"{number(entry['loa_low'])} to {number(entry['loa_high'])}",
        ]
        for entry in entries
    ]
    return "\n".join(aligned([head, *cells]))
