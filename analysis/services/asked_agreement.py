"""What the agreement of a study is asked of, and its cached result: for requests, and for the job of a large study."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import pandas as pd

from analysis.services.beside import Beside
from analysis.services.result_cache import Compute, cached_result
from analysis.stats.question import Question
from analysis.stats.result_types import AgreementAnswer
from analysis.study_data.frame import study_frame
from grading.models import Study


@dataclass(frozen=True)
class AskedAgreement:
    """Hold what a study's agreement is asked of: ``key`` names it with what it depends on beside the frame."""

    study: Study
    question: Question | None
    beside: Beside | None

    @classmethod
    def of(cls, study: Study, question: Question | None) -> "AskedAgreement":
        restricted = question and not question.is_unrestricted
        beside = Beside.of(study, replace(question, adjust=(), grades="reads")) if question and restricted else None
        return cls(study, question, beside)

    @classmethod
    def of_key(cls, study: Study, question: str) -> "AskedAgreement":
        """Find what a question's ``key`` asks; empty for none."""
        return cls.of(study, Question.of_key(question) if question else None)

    @property
    def key(self) -> str:
        return f"agreement {self.restriction}".rstrip()

    def now(self) -> "AskedAgreement":
        """Ask the same of the study as it stands now."""
        return AskedAgreement.of(self.study, self.question)

    def rows(self) -> pd.DataFrame:
        """Read the rows that it is computed from."""
        return self.within(study_frame(self.study))

    def within(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Leave out the rows that are not asked about."""
        return self.beside.within(frame) if self.beside else frame

    @property
    def restriction(self) -> str:
        """Tell ``within`` from that of every other question."""
        return self.beside.key if self.beside else ""

    def stored(self, compute: Compute | None) -> AgreementAnswer:
        """Give the cached result; where there is none, from its rows and their version by ``compute``, if any."""
        of_rows = self._of_rows(compute) if compute else None
        return cast(AgreementAnswer, cached_result(self.study, self.key, of_rows).content)

    def _of_rows(self, compute: Compute) -> Compute:
        def of_rows(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
            if self.beside:
                frame, _, version = self.beside.rows(frame, version)
            return compute(frame, version)

        return of_rows
