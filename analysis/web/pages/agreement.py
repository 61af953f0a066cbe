"""The agreement page as its template shows it, out of the stored answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.stats.result_types.agreement import Bias, ReaderEffect
from analysis.stats.result_types.answers import AgreementAnswer
from analysis.words.agreement import disagreement_map
from analysis.words.agreement import summary as agreement_summary
from analysis.words.agreement import table as agreement_table
from analysis.words.agreement.against import AgainstTable, against_tables
from analysis.words.agreement.disagreement_map import DisagreementMap
from analysis.words.agreement.mixed_model import MixedRow, mixed_notes, mixed_rows
from analysis.words.agreement.resampled import ResampledRow, resampled_notes, resampled_rows
from analysis.words.agreement.table import Row
from analysis.words.agreement.targets import beside_intervals
from analysis.words.comparison.table import by_reason


@dataclass(frozen=True)
class AgreementPage:
    """Sentences and rows. ``nothing`` says why there is no agreement between readers, if there is none."""

    nothing: str
    finding: str
    spread: str
    targets: list[str]  # that the study has set, each beside its interval
    rows: list[Row]
    notes: Mapping[str, list[str]]
    mixed: list[MixedRow]  # by every grade
    mixed_notes: Mapping[str, list[str]]
    resampled: list[ResampledRow]  # intervals that resample participants
    resampled_notes: Mapping[str, list[str]]
    pairs: list[Row]  # only with more than two readers: one pair is all there is
    map: DisagreementMap
    bias: list[Bias]
    bias_notes: Mapping[str, list[str]]
    effects: list[ReaderEffect]
    effect_notes: Mapping[str, list[str]]
    intra: list[Row]
    intra_muscles: Mapping[str, list[Row]]
    intra_notes: Mapping[str, list[str]]
    against: list[AgainstTable]  # adjudicated and reference grades; empty where there are none


def agreement_page(found: AgreementAnswer) -> AgreementPage:
    """Say what `analysis.stats.agreement.result.agreement_result` found."""
    result, disagreement = found["agreement"], found["disagreement"]
    nothing = agreement_summary.nothing_to_say(result)
    rows, intra = agreement_table.muscle_rows(result["inter"]), agreement_table.intra_rows(result)
    return AgreementPage(
        nothing=nothing,
        finding="" if nothing else agreement_summary.finding(result, disagreement["participants"]),
        spread=agreement_summary.spread(result),
        targets=[] if nothing else beside_intervals(result),
        rows=rows,
        notes=agreement_table.notes(rows),
        mixed=mixed_rows(result),
        mixed_notes=mixed_notes(result),
        resampled=resampled_rows(result),
        resampled_notes=resampled_notes(result),
        pairs=agreement_table.pair_rows(result) if len(result["readers"]) > 2 else [],
        map=disagreement_map.disagreement_map(disagreement),
        bias=result["bias"],
        bias_notes=by_reason((" − ".join(bias["readers"]), bias["note"]) for bias in result["bias"] if bias["note"]),
        effects=result["reader_effects"],
        effect_notes=by_reason(
            (effect["reader"], effect["note"]) for effect in result["reader_effects"] if effect["note"]
        ),
        intra=intra,
        intra_muscles=agreement_table.intra_muscles(result),
        intra_notes=agreement_table.notes(intra),
        against=against_tables(result),
    )
