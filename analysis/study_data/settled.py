"""The grades that readers are held against beside one another: decisions that stand, and those of calibration cases."""

from dataclasses import dataclass

import pandas as pd

from analysis.stats.agreement.against import CALIBRATION_COLUMNS
from analysis.stats.frame.adjudicated import DECISION_COLUMNS
from analysis.study_data.adjudicated import decisions_table, standing_decisions
from grading.models import Adjudication, Read, ReferenceGrade, Study

_CELL = ["mri_id", "feature", "muscle", "side"]
_FIELDS = {
    "reader": "reader__username",
    "participant": "mri__participant__code",
    "mri": "mri__code",
    "sequence": "sequence",
    "score": "grades__score",
    "mri_id": "mri",
    "feature": "feature",
    "muscle": "grades__muscle",
    "side": "grades__side",
}


@dataclass(frozen=True)
class SettledGrades:
    """Hold what `analysis.stats.agreement.against.against` takes beside the frame."""

    decisions: pd.DataFrame
    calibration: pd.DataFrame

    @classmethod
    def of(cls, study: Study) -> "SettledGrades":
        """Fetch them: in two queries where there are none, in seven at most."""
        return cls(_decisions(study), _calibration(study))

    @property
    def are_there(self) -> bool:
        """Say whether there is anything to hold a reader against."""
        return bool(len(self.decisions) or len(self.calibration))


def _decisions(study: Study) -> pd.DataFrame:
    # Asked first, for to look for discrepancies takes as long as the study is large.
    if not Adjudication.objects.filter(case__study=study).exists():
        return pd.DataFrame(columns=list(DECISION_COLUMNS))
    return decisions_table(standing_decisions(study))


def _calibration(study: Study) -> pd.DataFrame:
    """Read the grades of signed-off calibration cases beside their references, as the calibration page counts them."""
    references = ReferenceGrade.objects.filter(study=study).values_list(*_CELL, "score")
    table = pd.DataFrame(references, columns=[*_CELL, "reference"])
    if table.empty:
        return pd.DataFrame(columns=list(CALIBRATION_COLUMNS))
    of_study = Read.objects.filter(study=study, mri__participant__is_calibration=True, handed_out=True, occasion=1)
    graded = of_study.signed_off().filter(grades__isnull=False).order_by().values_list(*_FIELDS.values())
    grades = pd.DataFrame(graded, columns=list(_FIELDS)).merge(table, on=_CELL)
    grades = grades[list(CALIBRATION_COLUMNS)].astype({"score": "float64", "reference": "float64"})
    return grades.sort_values(list(CALIBRATION_COLUMNS[:6]), ignore_index=True)
