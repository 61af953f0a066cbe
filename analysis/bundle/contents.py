"""What a bundle is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.stats.covariates import Covariates
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.described import DescribedParticipants
from analysis.stats.result_types.ordinal import OrdinalResult
from analysis.words.paper.findings import Findings


class MixedVersionsError(ValueError):
    """The numbers are of another version of the data than the frame: a read was signed off in between."""


@dataclass(frozen=True)
class Contents:
    """One comparison, with everything that it takes to check it.

    title: of the study.
    result: one of the two comparisons that ``findings`` holds.
    frame: the study's frame within the question's restrictions; its canonical CSV has the data version as its SHA-256.
    as_read: the same rows with what readers graded, where ``frame`` has adjudicated grades; agreement is of these.
    analysed: the rows of it that enter ``result``: of its set and its groups, with a score.
    figures: SVG by name without an ending.
    covariates: that ``result`` is adjusted for; None where it is not.
    ordinal: the question by the ordinal model, without covariates; None where it was not asked for.
    described: who the participants of ``result`` are, and, of final data, how they came into it; None where unknown.
    licence: of the data, by its code (`licence.DATA_LICENCES`); empty where none was chosen.
    seal: the newest of the study's trail; empty where there is none.
    """

    title: str
    result: ComparisonResult
    findings: Findings
    frame: pd.DataFrame
    analysed: pd.DataFrame
    figures: Mapping[str, str] = field(default_factory=dict)
    covariates: Covariates | None = None
    ordinal: OrdinalResult | None = None
    licence: str = ""
    seal: str = ""
    as_read: pd.DataFrame | None = None
    described: DescribedParticipants | None = None

    @property
    def folder(self) -> str:
        """Name the ZIP's folder so that bundles can be told apart: study, question, data."""
        result = self.result
        groups = f"{result['groups']['compared']}-{result['groups']['reference']}"
        safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in groups)
        adjusted = ["adjusted", *result["adjusted_for"]] if result["adjusted_for"] else []
        used = result["deciding"]["used"]
        grades = [f"{result['grades']}-grades"] if result["grades"] != "reads" else []
        beside = [*(["ordinal"] if self.ordinal else []), *([used] if used != "holm" else [])]
        model = "-".join([result["model"], *grades, *adjusted, *beside])
        return f"{result['study']}-{safe}-{result['set']}-{model}-{result['data_version'][:8]}"
