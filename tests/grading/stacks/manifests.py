"""Stacks for the tests: a manifest that is right, and what a test changes of it."""

from typing import Any

from grading.stacks.manifest import Manifest


def usual_manifest(**changed: Any) -> Manifest:
    """Make the manifest of three slices of 4 × 6 pixels; ``changed`` replaces some of it."""
    usual: dict[str, Any] = {
        "rows": 4,
        "columns": 6,
        "slices": 3,
        "spacing": (0.5, 0.75),
        "positions": (-6.6, 0.0, 6.6),
        "thickness": 6.0,
        "bits": 16,
        "signed": False,
        "slope": 1.0,
        "intercept": 0.0,
        "inverted": False,
        "window": (600.0, 1200.0),
        "windows": ((600.0, 1200.0), (300.0, 400.0)),
        "letters": {"left": "R", "right": "L", "top": "A", "bottom": "P"},
        "sha256": "0" * 64,
    }
    return Manifest(**usual | changed)
