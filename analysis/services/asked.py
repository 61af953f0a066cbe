"""What is asked of a study, whose answer is a cached result, computed in parts: by a request, or by workers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, cast

import pandas as pd
from django.conf import settings

from analysis.services.beside import Beside
from analysis.services.result_cache import cached_result
from analysis.stats.frame.canonical import data_version
from analysis.stats.question import Question
from analysis.study_data.frame import signed_off_reads, study_frame
from grading.models import Study

WHOLE = ("whole",)  # of what is not cut


@dataclass(frozen=True)
class Given:
    """Hold the rows that an answer is computed from, their version, and that of all such rows of the study."""

    rows: pd.DataFrame
    of_study: str
    version: str


@dataclass(frozen=True)
class Asked(ABC):
    """Hold what is asked of a study, with what the answer depends on beside the frame, as it stands now.

    A part is the same whoever computes it, and what JSON can hold.
    """

    study: Study
    question: Question | None
    beside: Beside | None

    words: ClassVar[str]  # for what is awaited
    parts: ClassVar[Sequence[str]] = WHOLE

    @classmethod
    @abstractmethod
    def of(cls, study: Study, question: Question | None) -> Self:
        """Ask of the study as it stands now."""

    @classmethod
    def of_key(cls, study: Study, question: str) -> Self:
        """Find what a question's ``key`` asks; empty for none."""
        return cls.of(study, Question.of_key(question) if question else None)

    @property
    @abstractmethod
    def key(self) -> str:
        """Tell it from everything else that is asked, with all that the answer depends on beside the frame."""

    @abstractmethod
    def part(self, given: Given, part: str) -> Any:
        """Compute one of ``parts``."""

    def joined(self, _given: Given, parts: Sequence[Any]) -> Mapping[str, Any]:
        """Put what came of all ``parts`` together, in their order; of one, that is the answer."""
        return cast(Mapping[str, Any], parts[0])

    def at_once(self, given: Given) -> Mapping[str, Any]:
        """Compute the whole answer."""
        return self.joined(given, [self.part(given, part) for part in self.parts])

    @property
    def is_long(self) -> bool:
        """Say whether it takes so long that no request should compute it while a worker can."""
        return signed_off_reads(self.study) > settings.ANSWER_AT_ONCE_READS

    def now(self) -> Self:
        """Ask the same of the study as it stands now."""
        return self.of(self.study, self.question)

    def given(self) -> Given:
        """Read the rows that it is computed from."""
        frame = study_frame(self.study)
        return self.within(frame, data_version(frame))

    def within(self, frame: pd.DataFrame, version: str) -> Given:
        """Leave out the rows that are not asked about."""
        if self.beside is None:
            return Given(frame, version, version)
        return Given(*self.beside.rows(frame, version))

    def found(self) -> dict[str, Any]:
        """Give the answer that is there. BeingComputed where there is none."""
        return cached_result(self.study, self.key, None).content

    def computed(self, parts: Sequence[Any] | None = None) -> dict[str, Any]:
        """Give the answer, computed where it is not there: of what came of its parts, if that is known.

        Raises:
            BeingComputed: somebody else is at it.
        """

        def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
            given = self.within(frame, version)
            return self.at_once(given) if parts is None else self.joined(given, parts)

        return cached_result(self.study, self.key, compute).content
