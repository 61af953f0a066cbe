"""What is stored of comparisons: cached results, looks at them, and the frame of a locked study."""

from analysis.models.cached_result import CachedResult, DataVersion
from analysis.models.frozen_frame import FrozenFrame
from analysis.models.look import Look

__all__ = ["CachedResult", "DataVersion", "FrozenFrame", "Look"]
