"""What the comparison page asks of a study: two groups compared, all groups, the ordinal model, the pattern's score."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from analysis.services.asked import Asked, Given
from analysis.services.beside import Beside
from analysis.stats.all_groups import all_groups
from analysis.stats.all_groups_json import as_json as all_groups_json
from analysis.stats.answer import comparison_answer
from analysis.stats.frame.cut import CutData, cut_data
from analysis.stats.ordinal.comparison import compare_ordinal
from analysis.stats.ordinal.ordinal_json import as_json as ordinal_json
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.stats.question import Question
from grading.models import Study


@dataclass(frozen=True)
class _OfGroups(Asked):
    """Ask about diagnosis groups."""

    question: Question
    beside: Beside

    @classmethod
    def of(cls, study: Study, question: Question | None) -> Self:
        if question is None:
            raise ValueError("Groups are asked about by a question.")
        return cls(study, question, Beside.of(study, question))


@dataclass(frozen=True)
class AskedComparison(_OfGroups):
    """Ask how two groups compare."""

    words = "the comparison"

    @property
    def key(self) -> str:
        return self.beside.key

    def part(self, given: Given, _whole: str) -> Mapping[str, Any]:
        answer = comparison_answer(
            question_cut(given.rows, self.question),
            study=self.study.slug,
            model=self.question.model,
            data_version=given.version,
            covariates=self.beside.covariates,
        )
        return {**answer, "study_data_version": given.of_study}


@dataclass(frozen=True)
class AskedAllGroups(_OfGroups):
    """Ask for the tests over all groups, within a question's restrictions: once, whichever two of them are compared."""

    groups: tuple[str, ...]

    words = "the tests over all groups"

    @classmethod
    def of(cls, study: Study, question: Question | None) -> Self:
        if question is None:
            raise ValueError("Groups are asked about by a question.")
        of_all = replace(question, reference="", compared="")
        groups = tuple(group.code for group in study.groups.all())
        return cls(study, of_all, Beside.of(study, of_all), groups)

    @property
    def key(self) -> str:
        return f"all groups {self.groups!r} {self.beside.key}"

    def part(self, given: Given, _whole: str) -> Mapping[str, Any]:
        found = all_groups(
            given.rows,
            self.groups,
            analysis_set=self.question.analysis_set,
            model=self.question.model,
            covariates=self.beside.covariates,
        )
        return all_groups_json(found)


@dataclass(frozen=True)
class _OfScores(_OfGroups):
    """Ask what no choice of a model of scores, and no covariate that it is adjusted for, makes a difference to."""

    @classmethod
    def of(cls, study: Study, question: Question | None) -> Self:
        return super().of(study, question and replace(question, model="per-muscle", adjust=()))


@dataclass(frozen=True)
class AskedOrdinal(_OfScores):
    """Ask for the ordinal model, without the permutations and resamples that the comparison has."""

    words = "the ordinal model"

    @property
    def key(self) -> str:
        return f"ordinal {self.beside.key}"

    def part(self, given: Given, _whole: str) -> Mapping[str, Any]:
        cut = question_cut(given.rows, self.question)
        comparison = compare_ordinal(cut, permutations=0, resamples=0, data_version=given.version)
        return ordinal_json(comparison, study=self.study.slug)


@dataclass(frozen=True)
class AskedPatternScore(_OfScores):
    """Ask for the pattern's score where participants are so many that nobody waits for it unasked."""

    words = "how well the pattern tells the groups apart"
    is_long = True

    @property
    def key(self) -> str:
        return f"pattern score 2 {self.beside.key}"

    def part(self, given: Given, _whole: str) -> Mapping[str, Any]:
        score = pattern_score_result(question_cut(given.rows, self.question))
        return {"data_version": given.version, "pattern_score": score}


def question_cut(rows: pd.DataFrame, question: Question) -> CutData:
    """Cut the set and the groups that a question is about from the rows of its frame."""
    return cut_data(
        rows,
        reference=question.reference,
        compared=question.compared,
        analysis_set=question.analysis_set,
        grades=question.grades,
    )
