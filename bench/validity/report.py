"""The outcomes of all scenarios as Markdown tables."""

from dataclasses import dataclass

import numpy as np

from bench.page_tables import table
from bench.validity.methods import FAMILIES, METHODS, Outcome
from bench.validity.scenarios import MUSCLES, Scenario, true_differences

ALPHA = 0.05
_EXTREME = 1.59  # mean of the largest of eleven standard normal values


@dataclass(frozen=True)
class Tally:
    """The data sets of one scenario, counted; NaN where there is no answer.

    rejected: (data sets, methods, 11). covered: (data sets, methods with an interval, 11).
    any_rejected: (data sets, families). boundary, not_estimable: (data sets, 11). joint_boundary: (data sets,).
    """

    scenario: Scenario
    rejected: np.ndarray
    covered: np.ndarray
    any_rejected: np.ndarray
    boundary: np.ndarray
    not_estimable: np.ndarray
    joint_boundary: np.ndarray


def tally(scenario: Scenario, outcomes: list[Outcome]) -> Tally:
    p, low, high, least = (
        np.array([getattr(outcome, name) for outcome in outcomes]) for name in ("p", "low", "high", "least_p")
    )
    truth, status = true_differences(scenario), np.array([outcome.status for outcome in outcomes])
    return Tally(
        scenario=scenario,
        rejected=_where_known(p <= ALPHA, p),
        covered=_where_known((low <= truth) & (truth <= high), low),
        any_rejected=(least <= ALPHA).astype(float),
        boundary=status == "boundary",
        not_estimable=status == "not_estimable",
        joint_boundary=np.array([outcome.is_joint_boundary for outcome in outcomes]),
    )


def report(null: list[Tally], with_effects: list[Tally]) -> str:
    """All tables, each under a heading that says how to read it."""
    n = len(null[0].rejected)
    parts = [
        f"All figures are percentages, from {n:,} data sets for each scenario.",
        "**False positives at 0.05** (should be 5): mean over the eleven muscles [lowest–highest muscle]. "
        + _error([tally.rejected for tally in null], ALPHA),
        table(["", *METHODS], [[tally.scenario.name, *_cells(tally.rejected)] for tally in null]),
        "**At least one false positive among the eleven muscles** (should be at most 5 where adjusted): Kenward–Roger "
        "p values unadjusted and by Holm, permutation p values by max-T. " + _family_error(null),
        "Beside them, of the null data: the share of muscles whose participant variance is estimated as 0, of joint "
        "models with a variance of 0, and of muscles without an answer.",
        table(
            ["", *FAMILIES, "per muscle at the boundary", "joint at the boundary", "not estimable"],
            [[tally.scenario.name, *_family_cells(tally)] for tally in null],
        ),
        "**Coverage of the 95 % interval with effects** (should be 95): mean over the eleven muscles [lowest–highest "
        f"muscle]. True differences lie between {_truths(with_effects)} grade points. "
        + _error([tally.covered for tally in with_effects], 1 - ALPHA),
        table(["", *METHODS[:-1]], [[tally.scenario.name, *_cells(tally.covered)] for tally in with_effects]),
    ]
    return "\n\n".join(parts)


def _where_known(is_so: np.ndarray, number: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(number), np.nan, is_so)


def _cells(shares: np.ndarray) -> list[str]:
    """Of (data sets, methods, 11) each method's mean and range over muscles."""
    by_muscle = 100 * np.nanmean(shares, axis=0)
    return [f"{row.mean():.1f} [{row.min():.1f}–{row.max():.1f}]" for row in by_muscle]


def _family_cells(tally: Tally) -> list[str]:
    shares = [*tally.any_rejected.T, tally.boundary, tally.joint_boundary, tally.not_estimable]
    return [f"{100 * share.mean():.1f}" for share in shares]


def _error(shares: list[np.ndarray], truth: float) -> str:
    """The Monte-Carlo error, with what eleven muscles of the same true share would show."""
    n = len(shares[0])
    # Muscles of a data set are correlated: the data set is the unit.
    of_means = max(np.nanstd(np.nanmean(share, axis=2), axis=0).max() / np.sqrt(n) for share in shares)
    of_one = np.sqrt(truth * (1 - truth) / n)
    low, high = (100 * (truth + sign * _EXTREME * of_one) for sign in (-1, 1))
    return (
        f"Monte-Carlo error (one standard error): of a mean at most {100 * of_means:.1f}, of one muscle "
        f"{100 * of_one:.1f}; {MUSCLES} muscles that all have {100 * truth:.0f} would range from about {low:.1f} to "
        f"{high:.1f} by chance."
    )


def _family_error(tallies: list[Tally]) -> str:
    shares = np.array([tally.any_rejected.mean(axis=0) for tally in tallies])
    error = 100 * np.sqrt((shares * (1 - shares)).max(axis=0) / len(tallies[0].any_rejected))
    return f"Monte-Carlo error at most {error[0]:.1f} unadjusted, {error[1:].max():.1f} adjusted."


def _truths(tallies: list[Tally]) -> str:
    truths = np.abs([true_differences(tally.scenario) for tally in tallies])
    return f"{truths.min():.2f} and {truths.max():.2f}"
