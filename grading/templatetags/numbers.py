"""Measured numbers in templates."""

from django import template

register = template.Library()


@register.filter
def plain_number(value: float) -> str:
    """Write a number with up to three decimals and no more of them than it has: 120.5, never 120.500."""
    text = f"{value:.3f}"
    return text.rstrip("0").rstrip(".")
