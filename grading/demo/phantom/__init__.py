"""A drawn pair of thighs, from grades: what the demo shows in place of MRIs. Pure: numpy alone."""

from grading.demo.phantom.drawing import draw

__all__ = ["draw"]
