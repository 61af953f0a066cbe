"""Versions of what computes the numbers, for the record beside them."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from grading import anatomy, scale
from thighsite import __version__

_STATS = Path(__file__).parent
# Every file that numbers depend on, and no other: a word changed on a page discards no answer.
_SOURCES = [*sorted(_STATS.rglob("*.py")), Path(anatomy.__file__), Path(scale.__file__)]


@cache
def versions() -> dict[str, str]:
    """List the versions of this program and of the libraries that compute the numbers."""
    return {"thighsite": __version__} | {name: version(name) for name in ("statsmodels", "numpy", "scipy", "pandas")}


@cache
def program() -> str:
    """Hash (SHA-256) the statistics' code and the libraries' versions: what another program computed is not reused."""
    digest = sha256(repr(versions()).encode())
    for path in _SOURCES:
        digest.update(path.read_bytes())
    return digest.hexdigest()
