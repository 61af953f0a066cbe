"""CSV in: participants with their MRIs, and reads with their grades. All of a file or none of it.

file → csv_file (decode, header, rows) → participant_rows, grade_rows (cells to values; pure)
     → participants, grades (compare with what is stored, then write)
"""

from grading.csv.imports.grades import import_grades
from grading.csv.imports.participants import import_participants
from grading.csv.imports.refusal import ImportAsked, ImportRefused, Problem
from grading.csv.imports.report import ImportReport
from grading.csv.imports.studies import create_study

__all__ = [
    "ImportAsked",
    "ImportRefused",
    "ImportReport",
    "Problem",
    "create_study",
    "import_grades",
    "import_participants",
]
