"""Each reader held against the others: does this reader grade higher? Nobody is left out for a missing grade."""

from dataclasses import dataclass

import numpy as np

from analysis.stats.agreement.tallies import in_canonical_order

_UNCONNECTED = 1e-9  # eigenvalue of the information, in grades, under which readers share no units


@dataclass(frozen=True)
class ReaderEffect:
    """Hold how much higher a reader grades than the mean of the others, in grade points, with its 95 % interval.

    others: the readers whom this one is held against, directly or through units of a third.
    units, participants: graded by the reader and by at least one of the others.
    note: why a number is None, or who is not among the others.
    """

    reader: str
    others: tuple[str, ...]
    units: int
    participants: int
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class _Information:
    """Hold each participant's part of the normal equations L β = b, and which units each reader shares.

    left: (participants, readers, readers), L_i. right: (participants, readers), b_i.
    shared: (participants, readers), units that the reader and another graded.
    """

    left: np.ndarray
    right: np.ndarray
    shared: np.ndarray


def reader_effects(grades: np.ndarray, readers: tuple[str, ...]) -> list[ReaderEffect]:
    """Estimate each reader's effect less the mean of the others', β_r − mean β_s (s ≠ r), from every unit graded twice.

    The model is score_ur = α_u + β_r + ε_ur, by least squares: each unit u has a level of its own, so that a reader
    who had the worse cases is not taken for one who grades higher. With D_u the readers of a unit as a diagonal
    matrix, n_u as a vector, m_u their number and y_u their grades, the unit's level drops out:

        L β = b,   L = Σ_u (D_u − n_u n_u' / m_u),   b = Σ_u (y_u − ȳ_u n_u)

    The interval is Student's, n − 1 degrees of freedom, with the jackknife's standard error of n participants left
    out one by one: √((n − 1)/n Σ_i (d_(i) − d̄)²). Of two readers with complete grades both are those of the
    participants' mean differences.

    Args:
        grades: (participants, muscles, sides, readers), NaN where there is none.

    Sources: Searle SR. Linear models. Wiley 1971, ch. 7 (two-way layout, unbalanced). Efron B, Tibshirani RJ. An
    introduction to the bootstrap. Chapman & Hall 1993, ch. 11 (jackknife).
    """
    participants, muscles, sides, _ = grades.shape
    information = _information(in_canonical_order(grades.reshape(participants, muscles * sides, len(readers))))
    connected = _connected(information.left.sum(axis=0))
    return [_effect(information, readers, place, connected[place]) for place in range(len(readers))]


def _information(units: np.ndarray) -> _Information:
    """Sum over each participant's units (participants, units, readers)."""
    graded = (~np.isnan(units)).astype(float)
    each = graded.sum(axis=-1)
    share = np.divide(1, each, out=np.zeros_like(each), where=each > 0)
    scores = np.nan_to_num(units)
    level = scores.sum(axis=-1) * share
    diagonal = graded.sum(axis=1)[..., None] * np.eye(units.shape[-1])
    return _Information(
        left=diagonal - np.einsum("pur,pus,pu->prs", graded, graded, share),
        right=(scores - level[..., None] * graded).sum(axis=1),
        shared=(graded * (each >= 2)[..., None]).sum(axis=1).astype(int),
    )


def _connected(left: np.ndarray) -> np.ndarray:
    """Say who can be held against whom: (readers, readers)."""
    shares = (left < 0) | np.eye(len(left), dtype=bool)
    for _ in range(len(left)):
        shares = shares @ shares
    return shares


def _effect(information: _Information, readers: tuple[str, ...], place: int, connected: np.ndarray) -> ReaderEffect:
    shared = information.shared[:, place]
    chosen = np.flatnonzero(connected)
    others = tuple(readers[other] for other in chosen if other != place)
    count = int(shared.sum()), int((shared > 0).sum())
    if not others:
        return ReaderEffect(readers[place], others, *count, note="no unit that another reader graded, too")
    contrast = np.where(chosen == place, 1.0, -1 / len(others))
    left, right = information.left[:, chosen][..., chosen], information.right[:, chosen]
    value = float(_solved(left.sum(axis=0), right.sum(axis=0)) @ contrast)
    low, high, reason = _interval(left, right, contrast, value)
    apart = "" if len(chosen) == len(readers) else "held only against readers whom common units connect"
    return ReaderEffect(readers[place], others, *count, value, low, high, "; ".join(filter(None, (apart, reason))))


def _interval(
    left: np.ndarray, right: np.ndarray, contrast: np.ndarray, value: float
) -> tuple[float | None, float | None, str]:
    from scipy.special import stdtrit  # here: most commands and pages need no distribution

    entering = np.trace(left, axis1=1, axis2=2) > 0
    left, right = left[entering], right[entering]
    n = len(left)
    if n < 2:
        return None, None, "no interval from one participant"
    without = left.sum(axis=0) - left
    if np.linalg.eigvalsh(_anchored(without)).min() < _UNCONNECTED:
        return None, None, "no interval, one participant alone connects the readers"
    each = _solved(without, right.sum(axis=0) - right) @ contrast
    error = np.sqrt((n - 1) / n * ((each - each.mean()) ** 2).sum())
    reach = float(stdtrit(n - 1, 0.975) * error)
    return value - reach, value + reach, ""


def _solved(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """β with mean 0: (..., readers)."""
    return np.linalg.solve(_anchored(left), right[..., None])[..., 0]


def _anchored(left: np.ndarray) -> np.ndarray:
    """L with its only null vector, equal effects of all, made regular: L + 11'/k."""
    return left + 1 / left.shape[-1]
