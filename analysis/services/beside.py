"""What a question's answer depends on beside the study's frame: covariates, subgroups, decisions."""

from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from analysis.stats.covariates import Covariate, Covariates
from analysis.stats.frame.adjudicated import adjudicated
from analysis.stats.frame.canonical import data_version
from analysis.stats.frame.restriction import restrict
from analysis.stats.question import Question
from analysis.study_data.adjudicated import decisions_table, standing_decisions
from analysis.study_data.covariates import defined_among
from analysis.study_data.frame import clinical_values
from grading.models import Study


@dataclass(frozen=True)
class Beside:
    """Hold what a question's answer depends on beside the frame, as it stands now.

    clinical: the participants' values that make subgroups, and covariates; None where none are asked for.
    defined: of the covariates those that the study defines.
    decisions: of adjudicators, in place of grades; None where the reads' own grades are compared.
    """

    question: Question
    clinical: pd.DataFrame | None
    defined: tuple[Covariate, ...]
    decisions: pd.DataFrame | None

    @classmethod
    def of(cls, study: Study, question: Question) -> "Beside":
        values, is_adjudicated = question.of_participants, question.grades == "adjudicated"
        defined = defined_among(study, question.adjust)
        return cls(
            question,
            clinical_values(study, values, defined) if values else None,
            defined,
            decisions_table(standing_decisions(study)) if is_adjudicated else None,
        )

    @property
    def key(self) -> str:
        """Name the question with what its answer depends on: for the cache."""
        tables = [table for table in (self.clinical, self.decisions) if table is not None]
        return " ".join([self.question.key, *map(repr, self.defined), *map(hashed, tables)])

    @property
    def covariates(self) -> Covariates | None:
        adjust = self.question.adjust
        if self.clinical is None or not adjust:
            return None
        return Covariates(adjust, self.clinical[["participant", *adjust]], self.defined)

    def decided(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put what was decided in the place of grades, if that is asked for."""
        return frame if self.decisions is None else adjudicated(frame, self.decisions)

    def within(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Leave out the rows that the question's restrictions exclude."""
        return restrict(frame, self.question, self.clinical)

    def rows(self, frame: pd.DataFrame, version: str) -> tuple[pd.DataFrame, str, str]:
        """Give the rows that the question is asked of, the version of all such rows of the study, and their own.

        A version is computed anew only where rows changed or were left out: the hash takes as long as the comparison.
        """
        whole = self.decided(frame)
        of_whole = version if whole is frame else data_version(whole)
        rows = self.within(whole)
        return rows, of_whole, of_whole if rows is whole else data_version(rows)


def hashed(values: pd.DataFrame) -> str:
    """Tell a table from every other: for the cache."""
    return sha256(values.to_csv(index=False).encode()).hexdigest()
