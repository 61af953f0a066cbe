"""Numbers and questions in templates, written as everywhere else."""

from django import template

from analysis.words import notation
from analysis.words.question.one_line import in_words

register = template.Library()
for write in (notation.number, notation.median_iqr, notation.p_value, notation.exact_p, notation.stars):
    register.filter(write.__name__, write)
register.filter("in_words", in_words)


@register.filter
def percent(share: float) -> str:
    """Write a share between 0 and 1 in per cent, without decimals."""
    return f"{100 * share:.0f} %"


@register.simple_tag
def interval_of_share(index: dict) -> str:
    """Write the 95 % interval of a probability, cut at 0 and 1."""
    return notation.interval_of_share(index["ci_low"], index["ci_high"])


@register.simple_tag
def interval(fit: dict) -> str:
    """Write the 95 % interval of a muscle's difference."""
    return notation.interval(fit["ci_low"], fit["ci_high"])
