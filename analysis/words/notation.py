"""How numbers are written on the page, in the figure and in the terminal. What does not exist is a dash."""

from analysis.stats.result_types.codes import Method
from analysis.stats.result_types.muscles import GroupDescription
from analysis.stats.result_types.ordinal import OrdinalMuscleResult

DASH = "–"
MINUS = "−"
LEVEL = 0.05  # p values below it are called significant
METHODS: dict[Method, str] = {
    "kenward_roger": "Kenward–Roger",
    "satterthwaite": "Satterthwaite",
    "wald_z": "Wald z",
    "linear_model": "linear model",
}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_STARS = ((0.001, "***"), (0.01, "**"), (LEVEL, "*"))


def number(value: float | None, decimals: int = 2) -> str:
    """Write ``-1.028`` as −1.03; never a minus before zero."""
    if value is None:
        return DASH
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)


def interval(low: float | None, high: float | None) -> str:
    """Write ``[−1.60, −0.46]``."""
    return DASH if low is None or high is None else f"[{number(low)}, {number(high)}]"


def open_interval(fit: OrdinalMuscleResult) -> str:
    """Write an interval whose ends may be open, ``[4.48, ∞)`` or ``(−∞, ∞)``, or not found; nothing of no interval."""
    low, high = fit["ci_low_end"], fit["ci_high_end"]
    if low is None or high is None:
        return ""
    ends = {
        "low": {"found": f"[{number(fit['ci_low'])}", "open": f"({MINUS}∞", "not_found": "[not found"},
        "high": {"found": f"{number(fit['ci_high'])}]", "open": "∞)", "not_found": "not found]"},
    }
    return f"{ends['low'][low]}, {ends['high'][high]}"


def interval_of_share(low: float | None, high: float | None) -> str:
    """Write the interval of a probability, of which nothing below 0 or above 1 is shown: ``[0.85, 1.00]``."""
    return DASH if low is None or high is None else interval(max(low, 0.0), min(high, 1.0))


def median_iqr(group: GroupDescription) -> str:
    """Write ``2.67 [2.00–3.00]``, a group's median and quartiles."""
    if group["median"] is None:
        return DASH
    return f"{number(group['median'])} [{number(group['q1'])}–{number(group['q3'])}]"


def p_value(p: float | None) -> str:
    """Write a p value as journals print it: three decimals, <0.001 or >0.99; rounding never carries it across 0.05."""
    if p is None:
        return DASH
    if p < 0.001:
        return "<0.001"
    if p > 0.99:
        return ">0.99"
    texts = (f"{p:.{decimals}f}" for decimals in range(3, 18))
    return next(text for text in texts if (float(text) < LEVEL) == (p < LEVEL))


def exact_p(p: float | None) -> str:
    """Write a p value with three decimals, or two significant digits where it is small: 0.046, 0.00023, 2.3 × 10⁻⁷."""
    if p is None:
        return DASH
    if p == 0:  # underflow: nothing smaller can be held
        return "<10⁻³⁰⁰"
    if p >= 0.0001:
        return f"{p:.3f}" if p >= 0.01 else f"{p:.2g}"
    mantissa, exponent = f"{p:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def stars(p: float | None) -> str:
    """Mark p<0.001 as ***, p<0.01 as **, p<0.05 as *, any other p as NS, and no p as a dash."""
    if p is None:
        return DASH
    return next((mark for limit, mark in _STARS if p < limit), "NS")
