"""When Python looks for garbage: what is imported stays, and what a request leaves goes by itself, but for cycles.

With Python's own thresholds a fifth of a start and a tenth of a request went into looking, and next to nothing was
found.
"""

import gc


def look_for_none() -> None:
    """Look for no garbage while the site is imported. Whoever sets Django up looks for it again: see analysis.apps."""
    gc.disable()


def look_seldom() -> None:
    """Look from now on, seldom, and never at what is there already.

    Cycles of up to 50,000 objects wait for it: some ten megabytes.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 10)
    gc.enable()
