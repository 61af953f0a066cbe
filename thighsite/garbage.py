"""When Python looks for garbage: not while the site is imported, and never at what was imported.

A quarter of a start went into looking, and next to nothing was found. How often Python looks afterwards is left as it
is: each request leaves a cycle, which holds what was sent until somebody looks, and that may be megabytes.
"""

import gc


def look_for_none() -> None:
    """Look for no garbage while the site is imported. Whoever sets Django up looks for it again: see analysis.apps."""
    gc.disable()


def look_again() -> None:
    """Look from now on, but never at what is there already."""
    gc.freeze()
    gc.enable()
