"""A signed-off calibration case as its reader may see it: values alone, of that reader and of the reference."""

from dataclasses import dataclass
from typing import Self

from grading.models import Admission, Read, ReferenceGrade, Study
from grading.models.calibration import Agreement, running_agreement

NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True)
class BesideReference:
    """One muscle: what the reader graded, and what the reference says."""

    muscle: str
    own: str
    reference: str

    @property
    def is_equal(self) -> bool:
        return self.own == self.reference


@dataclass(frozen=True)
class Running:
    """How near the reader has come with all calibration cases of the feature so far, as figures in words."""

    cases: int
    icc: str
    kappa: str
    exact: str

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        shown = (agreement.icc, agreement.kappa, agreement.exact)
        return cls(agreement.cases, *("not defined yet" if each is None else f"{each:.2f}" for each in shown))


@dataclass(frozen=True)
class Target:
    """What the study asks for."""

    cases: int
    icc: str

    @classmethod
    def of(cls, study: Study) -> Self | None:
        return cls(study.calibration_cases, f"{study.calibration_icc:.2f}") if study.calibration_cases else None


def beside_reference(read: Read) -> tuple[BesideReference, ...]:
    """Put the grades of a signed-off calibration case beside the reference for its feature, in the paper's order."""
    given = ReferenceGrade.objects.filter(mri=read.mri_id, feature=read.feature)
    reference, own = ({(each.muscle, each.side): each for each in grades} for grades in (given, read.grades.all()))
    return tuple(
        BesideReference(cell.label, _in_words(own.get(cell)), _in_words(reference[cell]))
        for cell in read.study.cells
        if cell in reference
    )


def _in_words(grade) -> str:
    return "" if grade is None else NOT_ASSESSABLE if grade.not_assessable else str(grade.score)


def last_agreement(read: Read) -> Running | None:
    """Fetch how near the reader of a calibration case has come by now; None where nothing can be compared."""
    points = [each for each in running_agreement(read.study_id, read.reader_id) if each.feature == read.feature]
    return Running.of(points[-1]) if points else None


def is_admitted(study: Study, reader) -> bool:
    """Say whether a study's own cases are open to a reader."""
    return not study.asks_to_calibrate or Admission.objects.filter(study=study, user=reader).exists()
