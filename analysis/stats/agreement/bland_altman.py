"""Reader bias: do two readers differ on the whole? Bland and Altman's limits on the sum score."""

from dataclasses import dataclass

import numpy as np

_NORMAL_QUANTILE = 1.96  # as Bland and Altman print it
_TOO_FEW = ("no participant graded by both readers", "only one participant graded by both readers")


@dataclass(frozen=True)
class PerGrade:
    """Hold the mean difference of two readers per grade, over everything that both graded, with its 95 % interval.

    units: that both graded; of participants who may lack others.
    """

    units: int
    mean: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True)
class Bias:
    """Hold differences of the sum scores of two readers, the first minus the second, in grade points.

    participants: how many enter.
    note: why a number is None, or who is left out.
    grades: the difference per grade, from which nobody is left out whom both graded at all.
    """

    readers: tuple[str, str]
    participants: int
    mean_difference: float | None = None
    sd: float | None = None
    loa_low: float | None = None
    loa_high: float | None = None
    note: str = ""
    grades: PerGrade = PerGrade(0)


def bias(grades: np.ndarray, readers: tuple[str, ...], pair: tuple[int, int]) -> Bias:
    """Compute the mean difference d of the sum score, its SD s (n - 1) and the limits of agreement d ± 1.96 s.

    Args:
        grades: (participants, muscles, sides, readers), NaN where there is none.
        pair: the two readers' places in ``readers``.

    Source: Bland JM, Altman DG. Lancet 1986;327:307.
    """
    names = (readers[pair[0]], readers[pair[1]])
    first, second, shared = sum_scores(grades, pair)
    difference = np.sort(first - second)  # in one order, so that participants' names never matter
    n = len(difference)
    note = "" if n == shared else f"both readers graded every muscle of {n} of {shared} participants"
    each = per_grade(grades, pair)
    if n < 2:
        return Bias(names, n, float(difference[0]) if n else None, note=note or _TOO_FEW[n], grades=each)
    mean, sd = float(difference.mean()), float(difference.std(ddof=1))
    return Bias(names, n, mean, sd, mean - _NORMAL_QUANTILE * sd, mean + _NORMAL_QUANTILE * sd, note, each)


def per_grade(grades: np.ndarray, pair: tuple[int, int]) -> PerGrade:
    """Average the differences of all units that both readers graded, each participant's mean counting once.

    The interval is Student's of participants' means, for a participant's muscles are not independent.
    """
    from scipy.special import stdtrit  # here: most commands and pages need no distribution

    units = grades.reshape(len(grades), -1, grades.shape[-1])
    apart = units[..., pair[0]] - units[..., pair[1]]
    both = ~np.isnan(apart)
    counts = both.sum(axis=1)
    shared = counts > 0
    means = np.sort(np.where(both, apart, 0.0).sum(axis=1)[shared] / counts[shared])
    n = len(means)
    if n < 2:
        return PerGrade(int(counts.sum()), float(means[0]) if n else None)
    mean = float(means.mean())
    reach = float(stdtrit(n - 1, 0.975) * means.std(ddof=1) / np.sqrt(n))
    return PerGrade(int(counts.sum()), mean, mean - reach, mean + reach)


def sum_scores(grades: np.ndarray, pair: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, int]:
    """Add up the two readers' scores of each participant who enters, and count the participants whom they share.

    The sum runs over a participant's muscles (and sides). A participant enters when both readers graded every one
    of those that any reader graded, since a sum without a muscle is too low. A muscle that nobody could assess is
    in neither sum.
    """
    units = grades.reshape(len(grades), -1, grades.shape[-1])
    graded = ~np.isnan(units)
    anyone, both = graded.any(axis=2), graded[..., list(pair)].all(axis=2)
    shared = both.any(axis=1)
    complete = units[shared & (both == anyone).all(axis=1)]
    first, second = (np.nansum(complete[..., place], axis=1) for place in pair)
    return first, second, int(shared.sum())
