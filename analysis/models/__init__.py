"""What is kept of comparisons: answers, looks at them, and the frame of a locked study."""

from analysis.models.answer import Answer, DataVersion
from analysis.models.frozen_frame import FrozenFrame
from analysis.models.look import Look

__all__ = ["Answer", "DataVersion", "FrozenFrame", "Look"]
