"""One question asked of the data, and its answer.

frame ─► analysis set, two groups (`cut`) ─► observations ─► model of each muscle ─► contrast ─► comparison
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

import numpy as np

from analysis.stats.by_side import BySide, by_side
from analysis.stats.covariates import CovariateDesign, Covariates
from analysis.stats.descriptives import Description, descriptions
from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.counts import Counts
from analysis.stats.frame.cut import CutData
from analysis.stats.frame.kinds import ReducedCut
from analysis.stats.frame.observations import Observations
from analysis.stats.holm import holm
from analysis.stats.index.muscle_index import MuscleIndex, muscle_indices
from analysis.stats.index.over_readers import RESAMPLES
from analysis.stats.mixed_model import joint, per_muscle, statsmodels_check
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.mixed_model.contrast import Contrast
from analysis.stats.mixed_model.estimates import DF_METHODS, MuscleEstimate, estimates
from analysis.stats.mixed_model.model import Model, Terms
from analysis.stats.mixed_model.pattern import Pattern, pattern_tests
from analysis.stats.mixed_model.statsmodels_check import Verification
from analysis.stats.permutation import default_permutations, permutation_p
from analysis.stats.result_types.codes import AnalysisSet, DfMethod, Engine, GradesName, ModelName, MuscleStatus
from analysis.stats.versions import versions
from grading.anatomy import MUSCLE_CODES

MODELS = {"per-muscle": per_muscle, "joint": joint}
ENGINES: tuple[Engine, ...] = get_args(Engine)


@dataclass(frozen=True)
class BesideAdjusted:
    """Hold what stands beside an adjusted estimate.

    participants: how many are in the muscle's model: those with a grade of it and every covariate.
    unadjusted: what the model without covariates says of these participants.
    """

    participants: int
    unadjusted: MuscleEstimate


@dataclass(frozen=True)
class MuscleComparison:
    """Hold what is said of one muscle.

    status: ok, boundary, separated (then there are a difference and permutation p, and no contrast) or not_estimable.
    note: what to know about the estimate, or the reason why there is none.
    p_holm, p_permutation_max_t: adjusted over the estimable muscles, the latter over the separated ones, too.
    adjusted: None in a comparison that is not adjusted for covariates.
    """

    muscle: str
    status: MuscleStatus
    note: str
    contrast: Contrast | None
    p_holm: float | None
    p_permutation: float | None
    p_permutation_max_t: float | None
    reference: Description
    compared: Description
    index: MuscleIndex
    difference: float | None = None
    by_side: BySide | None = None
    adjusted: BesideAdjusted | None = None


@dataclass(frozen=True)
class Comparison:
    """Hold the question (set, groups, model, engine), the data it was asked of, and the answer for each muscle."""

    analysis_set: AnalysisSet
    reference: str
    compared: str
    model: ModelName
    engine: Engine
    df_method: DfMethod | None  # None for z tests
    formula: str
    terms: Terms  # of the formula; the model of a muscle may lack some of them, which its note then says
    n: Counts
    permutations: int
    data_version: str
    versions: dict[str, str]
    verification: Verification | None
    muscles: tuple[MuscleComparison, ...]
    adjusted_for: tuple[str, ...] = ()
    covariate_labels: Mapping[str, str] = field(default_factory=dict)  # of those that the study defines
    pattern: Pattern | None = None
    grades: GradesName = "reads"


def compare(
    cut: CutData | ReducedCut,
    *,
    model: ModelName = "per-muscle",
    df_method: DfMethod = "kenward-roger",
    engine: Engine = "reml",
    verify: bool = False,
    permutations: int | None = None,
    covariates: Covariates | None = None,
    pattern: bool = False,
    resamples: int = RESAMPLES,
    data_version: str = "",
) -> Comparison:
    """Compare two diagnosis groups, muscle by muscle: mean score of the compared group minus that of the reference.

    Args:
        cut: the analysis set and the two groups (`cut.cut_data`), or what of them was reduced in the database: then
            there are no permutations, covariates, joint model, pattern or second engine.
        permutations: None for 10,000 up to 250 participants and none beyond; 0 for none. There are none of an adjusted
            comparison: groups cannot be exchanged among participants who differ in covariates.
        resamples: of participants, for the interval of the index averaged over readers; 0 for none.
        covariates: to adjust the muscles' models for; participants who lack one are left out of these, not of the
            rest of the answer.
        pattern: test whether the groups' patterns of muscles differ (`pattern`), by all participants, unadjusted.
        verify: fit statsmodels' MixedLM as well, from the exact optimum, and report the largest differences.
        data_version: of the frame that was cut (`canonical.data_version`), to be stored with the answer. It takes as
            long as the answer, so it is not computed here.

    Raises:
        KeyError: an unknown model, engine or degrees-of-freedom method.
        ValueError: permutations are negative; permutations, or the joint model, of an adjusted comparison.

    No content of the frame raises: a muscle that cannot be estimated has status not_estimable and a reason.
    """
    _refuse_unknown(model, engine, df_method, permutations)
    if isinstance(cut, ReducedCut) and (model != "per-muscle" or engine != "reml" or verify or covariates or pattern):
        raise ValueError("Reduced grades are compared muscle by muscle, unadjusted, by restricted likelihood.")
    if covariates:
        _refuse_unadjustable(model, permutations)
    observed = cut.observed
    design = None if isinstance(cut, ReducedCut) else _design(cut, covariates)
    analysed = observed.only(design.row_is_complete) if design else observed
    models, refused = MODELS[model].models(analysed, cut.groups, *([design] if design else []))
    terms = MODELS[model].full_terms(analysed)
    full_formula = terms.formula(per_muscle.fixed(design) if design else MODELS[model].FIXED)
    found = refused | _estimates(models, engine, df_method, full_formula)
    n = cut.counted
    if permutations is None:
        permutations = 0 if design else default_permutations(n.participants)
    indices = muscle_indices(observed, cut.groups, resamples)
    muscles = _muscles(observed, found, permutations, indices)
    if design:
        muscles = _beside_unadjusted(muscles, analysed, cut.groups, engine, df_method)
    return Comparison(
        analysis_set=cut.analysis_set,
        reference=cut.reference,
        compared=cut.compared,
        model=model,
        engine=engine,
        df_method=df_method if engine == "reml" else None,
        formula=full_formula,
        terms=terms,
        n=n,
        permutations=permutations,
        data_version=data_version,
        versions=versions(),
        verification=statsmodels_check.verification(models) if verify else None,
        muscles=muscles,
        adjusted_for=covariates.names if covariates else (),
        covariate_labels=covariates.labels if covariates else {},
        pattern=pattern_tests(observed, cut.groups) if pattern else None,
        grades=cut.grades,
    )


def raw_p_values(
    cut: CutData, *, model: ModelName = "per-muscle", covariates: Covariates | None = None
) -> list[float | None]:
    """Compute the muscles' raw p values alone, as ``compare`` does; None where there is none."""
    design = _design(cut, covariates)
    analysed = cut.observed.only(design.row_is_complete) if design else cut.observed
    models, _ = MODELS[model].models(analysed, cut.groups, *([design] if design else []))
    found = _estimates(models, "reml", "kenward-roger", "")
    contrasts = [found[muscle].contrast if muscle in found else None for muscle in range(len(MUSCLE_CODES))]
    return [contrast.p if contrast else None for contrast in contrasts]


def _refuse_unknown(model: str, engine: str, df_method: str, permutations: int | None) -> None:
    for name, known in ((model, [*MODELS]), (engine, [*ENGINES]), (df_method, [*DF_METHODS])):
        if name not in known:
            raise KeyError(f"{name!r}: choose from {', '.join(known)}")
    if permutations is not None and permutations < 0:
        raise ValueError("The number of permutations cannot be negative.")


def _refuse_unadjustable(model: str, permutations: int | None) -> None:
    if model != "per-muscle":
        raise ValueError("Only the models of each muscle apart (per-muscle) can be adjusted for covariates.")
    if permutations:
        raise ValueError("An adjusted comparison has no permutations: participants differ in covariates.")


def _design(cut: CutData, covariates: Covariates | None) -> CovariateDesign | None:
    if covariates is None:
        return None
    return covariates.design([str(code) for code in level_codes(cut.rows["participant"])[1]])


def _beside_unadjusted(
    muscles: tuple[MuscleComparison, ...],
    complete: Observations,
    groups: tuple[str, str],
    engine: Engine,
    df_method: DfMethod,
) -> tuple[MuscleComparison, ...]:
    """Muscles with what the model without covariates says of the participants who have all of them."""
    models, refused = per_muscle.models(complete, groups)
    found = refused | _estimates(models, engine, df_method, per_muscle.full_terms(complete).formula(per_muscle.FIXED))
    return tuple(
        replace(muscle, adjusted=BesideAdjusted(sum(complete.participants_by_group(place)), found[place]))
        for place, muscle in enumerate(muscles)
    )


def _estimates(
    models: list[Model], engine: Engine, df_method: DfMethod, full_formula: str
) -> dict[int, MuscleEstimate]:
    found: dict[int, MuscleEstimate] = {}
    for model in models:
        of_model = estimates(model, df_method) if engine == "reml" else statsmodels_check.estimates(model)
        found |= {muscle: _noted(estimate, model, full_formula) for muscle, estimate in of_model.items()}
    return found


def _noted(estimate: MuscleEstimate, model: Model, full_formula: str) -> MuscleEstimate:
    """The estimate, noting what to know of its model, and where that lacks a term of the comparison's."""
    if estimate.contrast is None:
        return estimate
    own = () if model.formula == full_formula else (f"Model of this muscle: {model.formula}.",)
    return replace(estimate, note=" ".join(filter(None, [estimate.note, *model.remarks, *own])))


def _muscles(
    observed: Observations,
    found: dict[int, MuscleEstimate],
    permutations: int,
    indices: tuple[MuscleIndex, ...],
) -> tuple[MuscleComparison, ...]:
    """The estimates with what takes all muscles together: adjusted p values; and the descriptives."""
    p = {muscle: contrast.p for muscle in sorted(found) if (contrast := found[muscle].contrast)}
    family = [muscle for muscle in sorted(found) if muscle in p or found[muscle].difference is not None]
    p_holm = dict(zip(p, holm([*p.values()]), strict=True))
    raw, max_t = permuted(observed, family, permutations)
    sides = by_side(observed)
    return tuple(
        MuscleComparison(
            muscle=code,
            status=found[muscle].status,
            note=found[muscle].note,
            contrast=found[muscle].contrast,
            difference=found[muscle].difference,
            by_side=sides.get(muscle),
            p_holm=p_holm.get(muscle),
            p_permutation=raw.get(muscle),
            p_permutation_max_t=max_t.get(muscle),
            reference=described[0],
            compared=described[1],
            index=indices[muscle],
        )
        for muscle, (code, described) in enumerate(zip(MUSCLE_CODES, descriptions(observed), strict=True))
    )


def permuted(observed: Observations, family: list[int], permutations: int) -> tuple[dict[int, float], dict[int, float]]:
    """Give raw and max-T p values of the family's muscles; none without permutations."""
    if not (permutations and family):
        return {}, {}
    means = np.column_stack([adjusted_means(observed, muscle) for muscle in family])
    is_graded = observed.row_is_graded
    p = permutation_p(means[is_graded], observed.row_is_compared[is_graded], permutations)
    return dict(zip(family, p.raw.tolist(), strict=True)), dict(zip(family, p.max_t.tolist(), strict=True))
