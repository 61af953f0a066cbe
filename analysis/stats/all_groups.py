"""A study of three groups or more: tests over all of them, and p values of two groups adjusted over all pairs.

Each pair's p values are those of its own comparison (`comparison.compare`). Holm's method adjusts them twice: over the
pairs of one muscle, and over all muscles of all pairs, as far as these have a p value.
"""

from dataclasses import dataclass
from itertools import chain, combinations

import pandas as pd

from analysis.stats.comparison import raw_p_values
from analysis.stats.covariates import Covariates
from analysis.stats.frame.analysis_sets import analysis_set as rows_of_set
from analysis.stats.frame.cut import cut_data
from analysis.stats.holm import holm
from analysis.stats.mixed_model.omnibus import Omnibus, omnibus
from analysis.stats.result_types.codes import AnalysisSet, ModelName

PValues = list[float | None]  # of the muscles, in the paper's order


@dataclass(frozen=True)
class AllGroups:
    """Hold the tests over all groups, and what is said of each pair.

    p_holm: of the tests of single muscles, over these.
    over_pairs, over_all: of each pair, adjusted over the pairs of each muscle, and over all muscles of all pairs.
    """

    omnibus: Omnibus
    p_holm: PValues
    over_pairs: dict[frozenset[str], PValues]
    over_all: dict[frozenset[str], PValues]


def all_groups(
    frame: pd.DataFrame,
    groups: tuple[str, ...],
    *,
    analysis_set: AnalysisSet = "all",
    model: ModelName = "per-muscle",
    covariates: Covariates | None = None,
) -> AllGroups:
    """Compare all groups of a study.

    Args:
        frame: as `cut.cut_data` takes it.
        groups: the study's codes, three or more.
        covariates: that single muscles' tests, and the pairs, are adjusted for.

    Raises:
        ValueError: fewer than three groups.
    """
    if len(groups) < 3:
        raise ValueError("A test over all groups needs three of them.")
    found = omnibus(rows_of_set(frame, analysis_set), groups, model, covariates)
    p: dict[frozenset[str], PValues] = {}
    for reference, compared in combinations(groups, 2):
        cut = cut_data(frame, reference=reference, compared=compared, analysis_set=analysis_set)
        p[frozenset((reference, compared))] = raw_p_values(cut, model=model, covariates=covariates)
    by_muscle = [holm(of_muscle) for of_muscle in zip(*p.values(), strict=True)]
    together, muscles = holm(chain(*p.values())), len(found.muscles)
    return AllGroups(
        omnibus=found,
        p_holm=holm(test.test.p if test.test else None for test in found.muscles),
        over_pairs={pair: [of_muscle[place] for of_muscle in by_muscle] for place, pair in enumerate(p)},
        over_all={pair: together[place * muscles : (place + 1) * muscles] for place, pair in enumerate(p)},
    )
