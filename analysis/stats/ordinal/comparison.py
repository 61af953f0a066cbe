"""The comparison of two groups by the ordinal model of each muscle."""

from dataclasses import dataclass, replace

from analysis.stats.comparison import permuted
from analysis.stats.descriptives import Description, descriptions
from analysis.stats.frame.counts import Counts, counts
from analysis.stats.frame.cut import CutData
from analysis.stats.frame.observations import Observations
from analysis.stats.holm import holm
from analysis.stats.index.muscle_index import MuscleIndex, muscle_indices
from analysis.stats.index.over_readers import RESAMPLES
from analysis.stats.mixed_model import per_muscle
from analysis.stats.mixed_model.model import RESPONSE, Terms
from analysis.stats.mixed_model.pattern import Pattern, pattern_tests
from analysis.stats.ordinal.cumulative_logit import ENDLESS, NOT_FOUND, LogOddsRatio, log_odds_ratio
from analysis.stats.ordinal.cuts import CutOddsRatio, cut_odds_ratios
from analysis.stats.permutation import default_permutations
from analysis.stats.result_types.codes import AnalysisSet, GradesName
from analysis.stats.versions import versions
from grading.anatomy import MUSCLE_CODES


@dataclass(frozen=True)
class OrdinalMuscle:
    """Hold what the ordinal model says of one muscle, and what stands beside it.

    cuts: each cut of the scores on its own; empty where there is one cut or nothing to be had.
    p_holm: adjusted over the muscles with a p; the permutation p values are as in `comparison`, of mean scores.
    """

    muscle: str
    odds: LogOddsRatio
    cuts: tuple[CutOddsRatio, ...]
    p_holm: float | None
    p_permutation: float | None
    p_permutation_max_t: float | None
    reference: Description
    compared: Description
    index: MuscleIndex


@dataclass(frozen=True)
class OrdinalComparison:
    """Hold the question, the data it was asked of, and the answer for each muscle."""

    analysis_set: AnalysisSet
    reference: str
    compared: str
    terms: Terms
    n: Counts
    permutations: int
    data_version: str
    versions: dict[str, str]
    muscles: tuple[OrdinalMuscle, ...]
    pattern: Pattern | None = None
    grades: GradesName = "reads"

    @property
    def formula(self) -> str:
        """Write the model in R's notation."""
        return formula(self.terms)


def formula(terms: Terms) -> str:
    """Write an ordinal model in R's notation."""
    return f"ordered({RESPONSE}){terms.formula(per_muscle.FIXED).removeprefix(RESPONSE)}"


def compare_ordinal(
    cut: CutData,
    *,
    permutations: int | None = None,
    pattern: bool = False,
    resamples: int = RESAMPLES,
    data_version: str = "",
) -> OrdinalComparison:
    """Compare two diagnosis groups by the ordinal model of each muscle.

    Args:
        cut, permutations, pattern, resamples, data_version: as of `comparison.compare`.

    No content of the frame raises: a muscle without an estimate has a status and a reason.
    """
    observed = cut.observed
    n, terms = counts(observed), per_muscle.full_terms(observed)
    if permutations is None:
        permutations = default_permutations(n.participants)
    odds = tuple(_noted(observed, place, terms, cut.groups) for place in range(len(MUSCLE_CODES)))
    return OrdinalComparison(
        analysis_set=cut.analysis_set,
        reference=cut.reference,
        compared=cut.compared,
        terms=terms,
        n=n,
        permutations=permutations,
        data_version=data_version,
        versions=versions(),
        muscles=_muscles(observed, odds, permutations, muscle_indices(observed, cut.groups, resamples)),
        pattern=pattern_tests(observed, cut.groups) if pattern else None,
        grades=cut.grades,
    )


def _noted(observed: Observations, muscle: int, terms: Terms, groups: tuple[str, str]) -> LogOddsRatio:
    """The odds ratio, with a note where the muscle's model lacks a term of the comparison's."""
    odds = log_odds_ratio(observed, muscle, groups)
    if odds.status == "not_estimable":
        return odds
    chosen = observed.of_muscle(muscle)
    kept = {name: getattr(observed, name)[chosen] for name in ("row", "muscle", "reader", "side", "score")}
    own = formula(per_muscle.full_terms(replace(observed, **kept)))
    remark = "" if own == formula(terms) else f"Model of this muscle: {own}."
    return replace(odds, note=" ".join(filter(None, [odds.note, remark])))


def _muscles(
    observed: Observations, odds: tuple[LogOddsRatio, ...], permutations: int, indices: tuple[MuscleIndex, ...]
) -> tuple[OrdinalMuscle, ...]:
    p_holm = holm(found.p for found in odds)
    family = [place for place, found in enumerate(odds) if _has_groups(found)]
    raw, max_t = permuted(observed, family, permutations)
    return tuple(
        OrdinalMuscle(
            muscle=code,
            odds=odds[place],
            cuts=cut_odds_ratios(observed, place) if place in family else (),
            p_holm=p_holm[place],
            p_permutation=raw.get(place),
            p_permutation_max_t=max_t.get(place),
            reference=described[0],
            compared=described[1],
            index=indices[place],
        )
        for place, (code, described) in enumerate(zip(MUSCLE_CODES, descriptions(observed), strict=True))
    )


def _has_groups(found: LogOddsRatio) -> bool:
    """Whether the data allow a comparison of groups, even if the likelihood has no maximum."""
    return found.status != "not_estimable" or found.note in (ENDLESS, NOT_FOUND)
