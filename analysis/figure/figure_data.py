"""What figures are drawn from: a comparison, or the agreement of readers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from analysis.figure.group import Group


class FigureData(NamedTuple):
    """One comparison: its result, what `analysis.stats.participant_means` adds, and both groups, reference first."""

    result: Mapping[str, Any]
    profiles: Mapping[str, Any]
    groups: tuple[Group, Group]


class AgreementData(NamedTuple):
    """One study's agreement (`analysis.stats.agreement.result`), and the coefficients to draw, by code."""

    agreement: Mapping[str, Any]
    disagreement: Mapping[str, Any]
    codes: tuple[str, ...]
