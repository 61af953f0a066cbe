"""One question asked of a frame, and its answer.

frame ─► analysis set, two groups ─► observations ─► model of each muscle ─► contrast ─► comparison
"""

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from analysis.stats.descriptives import Description, descriptions
from analysis.stats.frame.analysis_sets import analysis_set as rows_of_set
from analysis.stats.frame.analysis_sets import two_groups
from analysis.stats.frame.observations import Observations, observations
from analysis.stats.holm import holm
from analysis.stats.mixed_model import joint, per_muscle
from analysis.stats.mixed_model import statsmodels_check as second_opinion
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.mixed_model.contrast import Contrast
from analysis.stats.mixed_model.model import DF_METHODS, Answer, Model, Terms, answers
from analysis.stats.mixed_model.statsmodels_check import Verification
from analysis.stats.permutation import default_permutations, permutation_p
from analysis.stats.result_types import AnalysisSet, DfMethod, Engine, ModelName, Status
from analysis.stats.versions import versions
from grading.anatomy import MUSCLE_CODES

MODELS = {"per-muscle": per_muscle, "joint": joint}
ENGINES: tuple[Engine, ...] = get_args(Engine)


@dataclass(frozen=True)
class Counts:
    """What the comparison rests on: participants and reads with at least one assessed grade in the set."""

    participants: int
    reference: int
    compared: int
    reads: int
    grades: int
    fat_scored: int  # participants


@dataclass(frozen=True)
class MuscleComparison:
    """One muscle's answer. status: ok, boundary or not_estimable; then contrast and p values are None.

    note: what to know about the answer, or the reason why there is none.
    p_holm, p_permutation_max_t: adjusted over the estimable muscles.
    """

    muscle: str
    status: Status
    note: str
    contrast: Contrast | None
    p_holm: float | None
    p_permutation: float | None
    p_permutation_max_t: float | None
    reference: Description
    compared: Description


@dataclass(frozen=True)
class Comparison:
    """The question (set, groups, model, engine), the data it was asked of, and the answer for each muscle."""

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


def compare(
    frame: pd.DataFrame,
    *,
    analysis_set: AnalysisSet = "all",
    reference: str = "IMNM",
    compared: str = "DM",
    model: ModelName = "per-muscle",
    df_method: DfMethod = "kenward-roger",
    engine: Engine = "reml",
    verify: bool = False,
    permutations: int | None = None,
    data_version: str = "",
) -> Comparison:
    """Compare two diagnosis groups, muscle by muscle: mean score of ``compared`` minus that of ``reference``.

    Args:
        frame: as `cohort.FRAME_COLUMNS`; any number of rows, in any order.
        permutations: None for 10,000 up to 250 participants and none beyond; 0 for none.
        verify: fit statsmodels' MixedLM as well, from the exact optimum, and report the largest differences.
        data_version: of the frame (`cohort.data_version`), to be kept with the answer. It costs more than the answer
            does, so it is not computed here.

    Raises:
        KeyError: an unknown analysis set, model, engine or degrees-of-freedom method, or a missing column.
        ValueError: the two groups are the same, or permutations are negative.
        Nothing for any content of the frame: what cannot be estimated has a status and a reason.
    """
    _refuse_unknown(model, engine, df_method, reference, compared, permutations)
    rows = two_groups(rows_of_set(frame, analysis_set), reference, compared)
    observed = observations(rows, reference, compared)
    models, refused = MODELS[model].models(observed, (reference, compared))
    terms = MODELS[model].full_terms(observed)
    full_formula = terms.formula(MODELS[model].FIXED)
    answered = refused | _answers(models, engine, df_method, full_formula)
    n = _counts(observed)
    permutations = default_permutations(n.participants) if permutations is None else permutations
    return Comparison(
        analysis_set=analysis_set,
        reference=reference,
        compared=compared,
        model=model,
        engine=engine,
        df_method=df_method if engine == "reml" else None,
        formula=full_formula,
        terms=terms,
        n=n,
        permutations=permutations,
        data_version=data_version,
        versions=versions(),
        verification=second_opinion.verification(models) if verify else None,
        muscles=_muscles(observed, answered, permutations),
    )


def _refuse_unknown(
    model: str, engine: str, df_method: str, reference: str, compared: str, permutations: int | None
) -> None:
    for name, known in ((model, MODELS), (engine, ENGINES), (df_method, DF_METHODS)):
        if name not in known:
            raise KeyError(f"{name!r}: choose from {', '.join(known)}")
    if reference == compared:
        raise ValueError(f"A group cannot be compared with itself: {reference}.")
    if permutations is not None and permutations < 0:
        raise ValueError("The number of permutations cannot be negative.")


def _answers(models: list[Model], engine: Engine, df_method: DfMethod, full_formula: str) -> dict[int, Answer]:
    found: dict[int, Answer] = {}
    for model in models:
        answered = answers(model, df_method) if engine == "reml" else second_opinion.answers(model)
        found |= {muscle: _noted(answer, model, full_formula) for muscle, answer in answered.items()}
    return found


def _noted(answer: Answer, model: Model, full_formula: str) -> Answer:
    """The answer, noting where the muscle's model lacks a term of the comparison's."""
    if answer.contrast is None or model.formula == full_formula:
        return answer
    return replace(answer, note=f"{answer.note} Model of this muscle: {model.formula}.".strip())


def _counts(observed: Observations) -> Counts:
    participants = np.flatnonzero(observed.counts.any(axis=1))
    compared = int((participants % 2).sum())
    return Counts(
        participants=len(participants),
        reference=len(participants) - compared,
        compared=compared,
        reads=len(np.unique(observed.read)),
        grades=len(observed.score),
        fat_scored=len(np.unique(observed.participant[observed.is_fat])),
    )


def _muscles(observed: Observations, answered: dict[int, Answer], permutations: int) -> tuple[MuscleComparison, ...]:
    """The answers with what takes all muscles together: adjusted p values; and the descriptives."""
    family = [muscle for muscle in sorted(answered) if answered[muscle].contrast]
    p_holm = dict(zip(family, holm([answered[muscle].contrast.p for muscle in family]), strict=True))
    raw, max_t = _permuted(observed, family, permutations)
    return tuple(
        MuscleComparison(
            muscle=code,
            status=answered[muscle].status,
            note=answered[muscle].note,
            contrast=answered[muscle].contrast,
            p_holm=p_holm.get(muscle),
            p_permutation=raw.get(muscle),
            p_permutation_max_t=max_t.get(muscle),
            reference=described[0],
            compared=described[1],
        )
        for muscle, (code, described) in enumerate(zip(MUSCLE_CODES, descriptions(observed), strict=True))
    )


def _permuted(
    observed: Observations, family: list[int], permutations: int
) -> tuple[dict[int, float], dict[int, float]]:
    if not (permutations and family):
        return {}, {}
    means = np.column_stack([adjusted_means(observed, muscle) for muscle in family])
    present = ~np.isnan(observed.means).all(axis=1)
    p = permutation_p(means[present], np.flatnonzero(present) % 2 == 1, permutations)
    return dict(zip(family, p.raw.tolist(), strict=True)), dict(zip(family, p.max_t.tolist(), strict=True))
