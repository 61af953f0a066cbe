"""What the agreement of a study is asked of: that between readers, and that with grades that are not one reader's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from analysis.services.asked import Asked, Given
from analysis.services.beside import Beside, hashed
from analysis.stats.agreement.against import against, joined_against
from analysis.stats.agreement.result import PARTS, agreement_part, agreement_result, joined_agreement
from analysis.stats.question import Question
from analysis.study_data.settled import SettledGrades
from grading.models import Study


@dataclass(frozen=True)
class _OfReaders(Asked):
    """Ask about reads, whichever grades are compared."""

    @property
    def restriction(self) -> str:
        """Tell the rows that are asked about from those of every other question."""
        return self.beside.key if self.beside else ""


@dataclass(frozen=True)
class AskedAgreement(_OfReaders):
    """Ask how far the readers agree: muscle by muscle, then of all."""

    words = "the agreement between readers"
    parts = PARTS

    @classmethod
    def of(cls, study: Study, question: Question | None) -> Self:
        return cls(study, question, _restrictions(study, question))

    @property
    def key(self) -> str:
        return f"agreement {self.restriction}".rstrip()

    def part(self, given: Given, part: str) -> Any:
        return agreement_part(given.rows, part)

    def joined(self, given: Given, parts: Sequence[Any]) -> Mapping[str, Any]:
        return joined_agreement(parts, given.rows, self.study.slug, given.version, self.question)

    def at_once(self, given: Given) -> Mapping[str, Any]:
        return agreement_result(given.rows, self.study.slug, given.version, self.question)


@dataclass(frozen=True)
class AskedAgainst(_OfReaders):
    """Ask how each reader's grades are beside adjudicated and reference grades: muscle by muscle, then of all.

    It is apart from the agreement between readers, which a decision changes nothing of.
    """

    settled: SettledGrades

    words = "each reader beside adjudicated and reference grades"
    parts = PARTS

    @classmethod
    def of(cls, study: Study, question: Question | None) -> Self:
        return cls(study, question, _restrictions(study, question), SettledGrades.of(study))

    @property
    def key(self) -> str:
        settled = hashed(self.settled.decisions), hashed(self.settled.calibration)
        return " ".join(["against", *settled, self.restriction])

    def part(self, given: Given, part: str) -> Any:
        return against(given.rows, self.settled.decisions, self._calibration, only=part)

    def joined(self, _given: Given, parts: Sequence[Any]) -> Mapping[str, Any]:
        return {"against": joined_against(parts)}

    @property
    def _calibration(self) -> pd.DataFrame:
        return self.beside.within(self.settled.calibration) if self.beside else self.settled.calibration


def _restrictions(study: Study, question: Question | None) -> Beside | None:
    if question is None or question.is_unrestricted:
        return None
    return Beside.of(study, replace(question, adjust=(), grades="reads"))
