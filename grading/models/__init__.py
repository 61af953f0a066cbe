"""participant ─ MRI ─ read ─ grade, inside a study with its members.

Constraints that one table can hold stand with the model; those that span tables are in the migration
``0002_rules_across_tables`` and those after it.
"""

from grading.models.adjudication import Adjudication, AdjudicationCase
from grading.models.calibration import Admission, ReferenceGrade
from grading.models.change import StudyChange
from grading.models.charter import Charter
from grading.models.covariate import Covariate, CovariateValue
from grading.models.entry import Entry
from grading.models.grade import Grade
from grading.models.member import Member
from grading.models.mri import MRI
from grading.models.participant import DiagnosisGroup, Participant
from grading.models.query import Query, QueryNote
from grading.models.read import Read
from grading.models.read_count import ReadCount
from grading.models.reader_draw import ReaderDraw
from grading.models.reopening import Reopening
from grading.models.seal import NewestSeal, Seal
from grading.models.stack import Stack
from grading.models.study import Study
from grading.models.study_site import StudySite
from grading.models.trail import TrailRecord
from grading.models.unblinded import Unblinded
from grading.models.unlock import Unlock
from grading.models.upload import Upload

__all__ = [
    "MRI",
    "Adjudication",
    "AdjudicationCase",
    "Admission",
    "Charter",
    "Covariate",
    "CovariateValue",
    "DiagnosisGroup",
    "Entry",
    "Grade",
    "Member",
    "NewestSeal",
    "Participant",
    "Query",
    "QueryNote",
    "Read",
    "ReadCount",
    "ReaderDraw",
    "ReferenceGrade",
    "Reopening",
    "Seal",
    "Stack",
    "Study",
    "StudyChange",
    "StudySite",
    "TrailRecord",
    "Unblinded",
    "Unlock",
    "Upload",
]
