"""What is known without simulation: of the t test of participants' means, and of the interval of an ICC.

They take scores as normal and complete. What a scale of four grades and missing reads change, the simulation shows.

Sources: Walter SD, Eliasziw M, Donner A. Stat Med 1998;17:101 (power to show that an ICC is above a bound). Bonett DG.
Stat Med 2002;21:1331 (width of its interval). Both are of ICC(1,1), whose error is that of readers and residual
together; with few readers ICC(2,1) needs more. Cohen J. Statistical power analysis, 2nd ed. 1988, ch. 2 (t test).
"""

from math import ceil, inf, log

from analysis.stats.planning.setting import LEVEL, Setting

POWER = 0.8


def power_of_means(setting: Setting, participants: int, level: float = LEVEL) -> float:
    """Compute the power of the two-sided t test of participants' means, ``participants`` in each group.

    1 − P(|T| ≤ t(1 − α/2, 2n − 2)), T noncentral with δ = difference / √(2 v / n) and
    v = σ_a² + σ_b²/sides + σ_e²/(sides · readers). Of balanced latent values it is that of the mixed model.
    """
    from scipy.special import nctdtr, stdtrit  # here: most commands and pages need no distribution

    cells = setting.sides * setting.readers
    variance = setting.participant**2 + setting.side**2 / setting.sides + setting.residual**2 / cells
    df = 2 * participants - 2
    shift = abs(setting.difference) / (2 * variance / participants) ** 0.5
    limit = stdtrit(df, 1 - level / 2)
    return float(1 - nctdtr(df, shift, limit) + nctdtr(df, shift, -limit))


def units_for_bound(icc: float, bound: float, readers: int, power: float = POWER, level: float = LEVEL) -> int | None:
    """Compute how many units show that an ICC is above a bound, by the lower limit of its interval, 1 − level.

    k = 1 + 2 (z(1 − α/2) + z(power))² n / ((n − 1) ln²C₀), n readers, C₀ = (1 + n θ₀) / (1 + n θ) and
    θ = ICC / (1 − ICC). None where the ICC is not above the bound, or there is one reader.
    """
    if not bound < icc < 1 or readers < 2:
        return None
    reach = (_z(1 - level / 2) + _z(power)) ** 2
    expected, least = (1 + readers * value / (1 - value) for value in (icc, bound))
    return ceil(1 + 2 * reach * readers / ((readers - 1) * log(least / expected) ** 2))


def units_for_width(icc: float, width: float, readers: int) -> int | None:
    """Compute how many units make the 95 % interval of an ICC as narrow as ``width``.

    k = 8 z² (1 − ρ)² (1 + (n − 1) ρ)² / (n (n − 1) w²) + 1; with two readers and ρ of 0.7 or more, 5 ρ are added.
    None with one reader.
    """
    if readers < 2 or not 0 < width < inf:
        return None
    square = (1 - icc) ** 2 * (1 + (readers - 1) * icc) ** 2
    units = 8 * _z(1 - LEVEL / 2) ** 2 * square / (readers * (readers - 1) * width**2) + 1
    return ceil(units + (5 * icc if readers == 2 and icc >= 0.7 else 0))


def _z(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))
