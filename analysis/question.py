"""One question that an investigator may ask of a study's frame. Pure: no Django."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """The codes of two groups, and how to compare them."""

    reference: str
    compared: str
    analysis_set: str = "all"
    model: str = "per-muscle"
