"""Versions of what computes the numbers, for the record beside them."""

from functools import cache
from importlib.metadata import version

from thighsite import __version__


@cache
def versions() -> dict[str, str]:
    return {"thighsite": __version__} | {name: version(name) for name in ("statsmodels", "numpy", "scipy", "pandas")}
