"""Findings of reference cohorts and made-up frames, for the tests of what is written of them."""

from functools import cache

import pandas as pd

from analysis.stats.agreement.agreement_json import as_json as agreement_json
from analysis.stats.agreement.inter_reader import agreement
from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariates
from analysis.stats.frame.canonical import data_version
from analysis.stats.graded import graded
from analysis.words.paper.findings import Findings
from tests.analysis.stats.comparison_frames import compare, cut
from tests.reference_cohorts import reference_frame


def findings_of(
    frame: pd.DataFrame,
    model: str = "per-muscle",
    covariates: Covariates | None = None,
    pattern: bool = False,
    **known,
) -> Findings:
    version = data_version(frame)
    options = {"model": model, "covariates": covariates, "pattern": pattern, "permutations": 0, "resamples": 0}
    sets = ["all", "edema", *(["fat"] if set(frame["feature"]) == {"edema", "fat"} else [])]
    asked = [compare(frame, analysis_set=name, data_version=version, **options) for name in sets]
    main, edema, *fat = (as_json(comparison, study="study") for comparison in asked)
    readers = agreement_json(agreement(frame, resamples=50), study="study")
    return Findings(main, edema, readers, graded(cut(frame)), fat=fat[0] if fat else None, **known)


@cache
def findings_of_cohort(name: str, model: str = "per-muscle") -> Findings:
    return findings_of(reference_frame(name), model)
