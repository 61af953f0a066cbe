"""Agreement as the object that ``agreement --format json`` prints (`result_types.agreement`)."""

from collections.abc import Iterable, Mapping, Sequence

from analysis.stats.agreement.bland_altman import Bias
from analysis.stats.agreement.coefficients import Estimate
from analysis.stats.agreement.inter_reader import Agreement, Entry
from analysis.stats.agreement.mixed_icc import Components
from analysis.stats.agreement.reader_effects import ReaderEffect
from analysis.stats.agreement.summary import by_note, in_one_line
from analysis.stats.result_types import agreement as types


def as_json(
    agreement: Agreement,
    *,
    study: str,
    restricted_to: Sequence[str] = (),
    targets: Iterable[types.AgreementTarget] = (),
    against: Iterable[types.AgainstEntry] = (),
) -> types.AgreementResult:
    """Make the object: plain values, None for a number that does not exist.

    Args:
        study: its short name.
        restricted_to: the readers, where not all were asked for.
        targets: that the study has set.
        against: as `against.against` finds it.
    """
    return {
        "study": study,
        "data_version": agreement.data_version,
        "readers": list(agreement.readers),
        "restricted_to": list(restricted_to),
        "inter": [_entry(entry) for entry in agreement.inter],
        "pairs": [{"readers": list(entry.readers), **_entry(entry)} for entry in agreement.pairs],
        "intra": [{"reader": entry.readers[0], **_entry(entry)} for entry in agreement.intra],
        "bias": [_bias(bias) for bias in agreement.bias],
        "reader_effects": [_effect(effect) for effect in agreement.reader_effects],
        "mixed_model": [_mixed(muscle, found) for muscle, found in agreement.mixed_model],
        "resampled": [_resampled(muscle, found) for muscle, found in agreement.resampled],
        "targets": list(targets),
        "against": list(against),
    }


def _entry(entry: Entry) -> types.AgreementEntry:
    summary = entry.summary
    estimates = summary.estimates
    return {
        "muscle": entry.muscle,
        "units": summary.units,
        "exact": estimate_json(estimates["exact"]),
        "within_one": estimate_json(estimates["within_one"]),
        "kappa_linear": estimate_json(estimates["kappa_linear"]),
        "kappa_quadratic": estimate_json(estimates["kappa_quadratic"]),
        "alpha_ordinal": estimate_json(estimates["alpha_ordinal"]),
        "ac2": estimate_json(estimates["ac2"]),
        "icc_2_1": estimate_json(estimates["icc_2_1"]),
        "icc_3_1": estimate_json(estimates["icc_3_1"]),
        "note": summary.note,
        "notes": [{"reason": reason, "coefficients": codes} for reason, codes in summary.notes.items()],
    }


def estimate_json(estimate: Estimate) -> types.CoefficientEstimate:
    """Make the object of one coefficient."""
    return {"value": estimate.value, "ci_low": estimate.ci_low, "ci_high": estimate.ci_high}


def _bias(bias: Bias) -> types.Bias:
    return {
        "readers": list(bias.readers),
        "participants": bias.participants,
        "mean_difference": bias.mean_difference,
        "sd": bias.sd,
        "loa_low": bias.loa_low,
        "loa_high": bias.loa_high,
        "note": bias.note,
        "units": bias.grades.units,
        "per_grade": {"value": bias.grades.mean, "ci_low": bias.grades.ci_low, "ci_high": bias.grades.ci_high},
    }


def _effect(effect: ReaderEffect) -> types.ReaderEffect:
    return {
        "reader": effect.reader,
        "others": list(effect.others),
        "participants": effect.participants,
        "units": effect.units,
        "per_grade": {"value": effect.value, "ci_low": effect.ci_low, "ci_high": effect.ci_high},
        "note": effect.note,
    }


def _mixed(muscle: str, found: Components) -> types.MixedModel:
    return {
        "muscle": muscle,
        "units": found.units,
        "grades": found.grades,
        "icc_agreement": found.icc_agreement,
        "icc_consistency": found.icc_consistency,
        "unit": found.unit,
        "reader": found.reader,
        "residual": found.residual,
        "smallest_detectable_difference": found.detectable,
        "status": found.status,
        "note": found.note,
    }


def _resampled(muscle: str, found: Mapping[str, Estimate]) -> types.Resampled:
    return {
        "muscle": muscle,
        "icc_2_1": estimate_json(found["icc_2_1"]),
        "icc_3_1": estimate_json(found["icc_3_1"]),
        "kappa_linear": estimate_json(found["kappa_linear"]),
        "kappa_quadratic": estimate_json(found["kappa_quadratic"]),
        "note": in_one_line(by_note(found)),
    }
