"""Every engine on one cohort, timed on the same data, with a look at whether they say the same."""

from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from analysis.stats.comparison import Comparison
from analysis.stats.frame.canonical import data_version
from bench.comparison.cohorts import cohort, compare_cohort, odds_of_cohort
from bench.comparison.engines import Answers, clmm_says, muscle_designs, r_answers, r_says, statsmodels_fits
from bench.comparison.timing import Seconds, seconds, timed
from grading.anatomy import MUSCLE_CODES

OURS, OURS_NAMED = "thighsite", "thighsite with the data version"
LMERTEST, PBKRTEST, LME4, STATSMODELS = "lmerTest", "lmerTest with pbkrtest", "lme4", "statsmodels"
CLMM, WITH_INTERVALS = "ordinal's clmm", "thighsite with intervals"
LARGEST_FOR_CLMM = 250  # participants: it takes ten seconds there
LARGEST_FOR_STATSMODELS = 2500  # participants: it takes half a minute there, and grows faster than the data
LARGEST_FOR_PBKRTEST = 250  # it handles matrices of grades × grades
TOLERANCE = 1e-5  # of estimates and standard errors, in standard errors
ODDS_TOLERANCE = 2e-3  # of log odds ratios, relative: what ten points leave
ENOUGH_POINTS = 2.0  # participants' standard deviation up to which ten are enough
DF_TOLERANCE = 1e-3  # of degrees of freedom, relative


class DifferentAnswersError(Exception):
    """Two engines answer the same question differently: their times must not be compared."""


@dataclass
class Measured:
    """One cohort. per_muscle, joint, ordinal: by engine. differences: the largest from R, by what was asked."""

    participants: int
    missing: float
    grades: int  # assessed
    per_muscle: dict[str, Seconds] = field(default_factory=dict)
    joint: dict[str, Seconds] = field(default_factory=dict)
    ordinal: dict[str, Seconds] = field(default_factory=dict)
    differences: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    converged: int | None = None  # of statsmodels' eleven fits
    clmm_answers: int | None = None  # of eleven muscles, those of which clmm neither warns nor fails


def measure(participants: int, missing: float, repetitions: int, with_r: bool) -> Measured:
    """Time every engine that manages this size.

    Raises:
        DifferentAnswersError: R's estimates, standard errors or degrees of freedom are not ours.
    """
    frame = cohort(participants, missing)
    measured = Measured(participants, missing, int(frame["score"].notna().sum()))
    _ours(measured, frame, repetitions)
    if with_r:
        _r(measured, frame, repetitions)
    _ordinal(measured, frame, repetitions, with_r and participants <= LARGEST_FOR_CLMM)
    if participants <= LARGEST_FOR_STATSMODELS:
        ask = partial(statsmodels_fits, muscle_designs(frame))
        measured.per_muscle[STATSMODELS], measured.converged = timed(ask, repetitions)
    return measured


def _ours(measured: Measured, frame: pd.DataFrame, repetitions: int) -> None:
    few = cohort(25)
    for model, found in (("per-muscle", measured.per_muscle), ("joint", measured.joint)):
        ask = partial(compare_cohort, model=model, permutations=0)
        ask(few)  # what is loaded and kept at the first call
        found[OURS], answer = timed(partial(ask, frame), repetitions)
        found[OURS_NAMED], _ = timed(lambda ask=ask: ask(frame, data_version=data_version(frame)), repetitions)
        measured.versions |= answer.versions


def _r(measured: Measured, frame: pd.DataFrame, repetitions: int) -> None:
    said = r_says(frame, repetitions=repetitions, with_pbkrtest=measured.participants <= LARGEST_FOR_PBKRTEST)
    measured.versions |= said["versions"]
    measured.per_muscle[LMERTEST] = seconds(**said["per_muscle"]["seconds"])
    measured.joint[LME4] = seconds(**said["joint"]["seconds"])
    ask = partial(compare_cohort, frame, permutations=0)
    _same(measured, LMERTEST, ask(df_method="satterthwaite"), r_answers(said["per_muscle"]["answers"]))
    _same(measured, LME4, ask(df_method="satterthwaite", model="joint"), r_answers(said["joint"]["answers"]))
    if said["kenward_roger"]:
        measured.per_muscle[PBKRTEST] = seconds(**said["kenward_roger"]["seconds"])
        _same(measured, PBKRTEST, ask(), r_answers(said["kenward_roger"]["answers"]))


def _ordinal(measured: Measured, frame: pd.DataFrame, repetitions: int, with_clmm: bool) -> None:
    for name, has_interval in ((OURS, False), (WITH_INTERVALS, True)):
        odds_of_cohort(cohort(25), has_interval=has_interval)
        ask = partial(odds_of_cohort, frame, has_interval=has_interval)
        measured.ordinal[name], ours = timed(ask, repetitions)
    if not with_clmm:
        return
    said = clmm_says(frame, repetitions=repetitions)
    measured.versions["ordinal"] = said["version"]
    measured.ordinal[CLMM] = seconds(**said["seconds"])
    theirs = [(place, one) for place, code in enumerate(MUSCLE_CODES) if (one := said["answers"].get(code))]
    measured.clmm_answers = len(theirs)
    for place, one in theirs:
        found = ours[place]
        if found.estimate is None or found.sd_participant > ENOUGH_POINTS:
            continue
        if abs(found.estimate - one["estimate"]) > ODDS_TOLERANCE * max(abs(one["estimate"]), 1):
            raise DifferentAnswersError(
                f"{measured.participants} participants, {MUSCLE_CODES[place]}: {CLMM} says {one['estimate']:.4f}, "
                f"we {found.estimate:.4f}."
            )


def _same(measured: Measured, engine: str, ours: Comparison, theirs: Answers) -> None:
    """Note the largest differences; of estimates and standard errors in R's standard errors."""
    differences, df_differences = [], []
    for one in ours.muscles:
        estimate, se, df = theirs[one.muscle]
        differences += [abs(one.contrast.estimate - estimate) / se, abs(one.contrast.se - se) / se]
        df_differences += [abs(one.contrast.df - df) / df] if df else []
    measured.differences[engine] = max(differences)
    if max(differences) > TOLERANCE or max(df_differences, default=0.0) > DF_TOLERANCE:
        raise DifferentAnswersError(
            f"{measured.participants} participants, {measured.missing:.0%} missing: {engine} differs from us by "
            f"{max(differences):.2g} standard errors, by {max(df_differences, default=0.0):.2g} of degrees of freedom."
        )
