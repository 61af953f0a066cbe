"""CSV in: participants with their MRIs, and reads with their grades. All of a file or none of it.

file → csv_file (decode, header, rows) → participant_rows, grade_rows (cells to values; pure)
     → participants, grades (compare with what is stored, then write)
"""

from grading.imports.grades import import_grades
from grading.imports.participants import import_participants
from grading.imports.refusal import ImportRefused, Problem
from grading.imports.report import ImportReport
from grading.imports.studies import create_study

__all__ = ["ImportRefused", "ImportReport", "Problem", "create_study", "import_grades", "import_participants"]
