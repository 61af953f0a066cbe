"""Versions of what computes the numbers, for the record beside them."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from thighsite import __version__

_SOURCES = Path(__file__).parent.parent


@cache
def versions() -> dict[str, str]:
    return {"thighsite": __version__} | {name: version(name) for name in ("statsmodels", "numpy", "scipy", "pandas")}


@cache
def program() -> str:
    """SHA-256 of the statistics' code and the libraries' versions: what was computed by another is not reused."""
    digest = sha256(repr(versions()).encode())
    for path in sorted(_SOURCES.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
