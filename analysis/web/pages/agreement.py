"""The agreement page as its template draws it, out of the stored answer. Pure: no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.figure.agreement_forest import Forest, forest
from analysis.figure.bland_altman import Picture, pictures
from analysis.words.agreement import disagreement_map
from analysis.words.agreement import summary as agreement_summary
from analysis.words.agreement import table as agreement_table
from analysis.words.agreement.coefficients import BY_CODE
from analysis.words.agreement.disagreement_map import DisagreementMap
from analysis.words.agreement.table import Row
from analysis.words.comparison.table import by_reason


class CoefficientError(ValueError):
    """There is no such coefficient; the message says which there are."""


@dataclass(frozen=True)
class AgreementPage:
    """Sentences, figures and rows. ``nothing`` says why there is no agreement between readers, if there is none."""

    nothing: str
    finding: str
    spread: str
    forest: Forest | None
    rows: list[Row]
    notes: Mapping[str, list[str]]
    pairs: list[Row]  # only with more than two readers: one pair is all there is
    map: DisagreementMap
    bias: Sequence[Mapping[str, Any]]
    bias_notes: Mapping[str, list[str]]
    pictures: list[Picture]
    intra: list[Row]
    intra_muscles: Mapping[str, list[Row]]
    intra_notes: Mapping[str, list[str]]


def agreement_page(answer: Mapping[str, Any], codes: Sequence[str]) -> AgreementPage:
    """The page of an `analysis.stats.agreement.result.answer`, its figure of these coefficients."""
    result, disagreement = answer["agreement"], answer["disagreement"]
    nothing = agreement_summary.nothing_to_say(result)
    rows, intra = agreement_table.muscle_rows(result["inter"]), agreement_table.intra_rows(result)
    return AgreementPage(
        nothing=nothing,
        finding="" if nothing else agreement_summary.finding(result, disagreement["participants"]),
        spread=agreement_summary.spread(result),
        forest=None if nothing else forest(result["inter"], codes),
        rows=rows,
        notes=agreement_table.notes(rows),
        pairs=agreement_table.pair_rows(result) if len(result["readers"]) > 2 else [],
        map=disagreement_map.disagreement_map(disagreement),
        bias=result["bias"],
        bias_notes=by_reason((" − ".join(bias["readers"]), bias["note"]) for bias in result["bias"] if bias["note"]),
        pictures=pictures(result["bias"], disagreement["sums"]),
        intra=intra,
        intra_muscles=agreement_table.intra_muscles(result),
        intra_notes=agreement_table.notes(intra),
    )


def asked_coefficients(asked: str) -> tuple[str, ...]:
    """The coefficients of the figure: the one that the address asks for, else three side by side.

    Raises:
        CoefficientError: for what is no coefficient.
    """
    if not asked:
        return agreement_summary.HEADLINE_COEFFICIENTS
    if asked not in BY_CODE:
        raise CoefficientError(f"“{asked}” is no coefficient of agreement: it is one of {', '.join(BY_CODE)}.")
    return (asked,)
