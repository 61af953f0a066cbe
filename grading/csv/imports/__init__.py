"""CSV in: participants with their MRIs, and reads with their grades. All of a file or none of it.

file → grading/sheets (decode, header, rows) → participant_rows, grade_rows (cells to values; pure)
     → participants, grades (compare with what is stored, then write)
"""

from grading.csv.imports.grades import import_grades
from grading.csv.imports.participants import import_participants
from grading.csv.imports.reading import Reading
from grading.csv.imports.report import ImportReport
from grading.csv.imports.studies import create_study
from grading.sheets.refusal import ImportAsked, ImportLacks, ImportRefused, Problem

__all__ = [
    "ImportAsked",
    "ImportLacks",
    "ImportRefused",
    "ImportReport",
    "Problem",
    "Reading",
    "create_study",
    "import_grades",
    "import_participants",
]
