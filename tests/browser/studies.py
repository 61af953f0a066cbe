"""Studies for the browser tests, made through the command line and looked at in the database."""

import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from grading.anatomy import MUSCLE_CODES
from grading.demo.load import READERS

_number = count(1)

GRADES = """
    SELECT muscle, side, coalesce(score::text, 'x') FROM grading_grade
    JOIN grading_read ON grading_read.id = read_id JOIN grading_study ON grading_study.id = grading_read.study_id
    JOIN auth_user ON auth_user.id = reader_id WHERE slug = %s AND username = %s
"""

NEXT_READ = """
    SELECT grading_read.id FROM grading_read JOIN grading_study ON grading_study.id = grading_read.study_id
    JOIN auth_user ON auth_user.id = reader_id WHERE slug = %s AND username = %s AND signed_off_at IS NULL
    ORDER BY position LIMIT 1
"""


@dataclass(frozen=True)
class ReadingStudy:
    """A study of one reader, whose cases are all still to grade."""

    site: object
    slug: str
    reader: str = READERS[0]

    @property
    def worklist(self) -> str:
        return worklist_of(self.site, self.slug)

    @property
    def first_case(self) -> str:
        """Where the reader's next case is graded: the address behind the worklist's first button."""
        ((read,),) = self.site.rows(NEXT_READ, self.slug, self.reader)
        return f"/reads/{read}/"

    def grades(self) -> list[tuple[str, str, str]]:
        """(muscle, side, grade) of everything that the reader graded, x for not assessable."""
        return self.site.rows(GRADES, self.slug, self.reader)


def worklist_of(site, slug: str) -> str:
    """Where a study's readers find their cases."""
    ((study,),) = site.rows("SELECT id FROM grading_study WHERE slug = %s", slug)
    return f"/reading/{study}/"


def make_reading_study(site, *, cases: int, sides: str = "both", calibrating: int = 0) -> ReadingStudy:
    """With sides apart, another reader's draft is imported first, which settles the study's sides.

    ``calibrating`` further participants, C0 and so on, come once the cases are assigned: readers have none of them yet.
    """
    slug = f"reading-{next(_number)}"
    study = ["--study", slug]
    with tempfile.TemporaryDirectory() as folder:
        participants, grades = Path(folder, "participants.csv"), Path(folder, "grades.csv")
        further = Path(folder, "calibrating.csv")
        further.write_text("participant,group,mri\n" + "".join(f"C{n},IMNM,M\n" for n in range(calibrating)))
        participants.write_text("participant,group,mri\n" + "".join(f"P{n},IMNM,M{n}\n" for n in range(cases)))
        grades.write_text(
            "participant,mri,reader,sequence,feature,muscle,side,score,status\n"
            f"P0,M0,{READERS[1]},STIR,edema,VL,left,0,draft\n"
        )
        site.manage(
            ["import_participants", str(participants), *study, "--create"],
            ["add_member", *study, READERS[0], "--role", "reader"],
            *([["import_grades", str(grades), *study, "--create-readers"]] if sides != "both" else []),
            ["assign_reads", *study, "--reader", READERS[0]],
            *([["import_participants", str(further), *study]] if calibrating else []),
        )
    return ReadingStudy(site, slug)


def make_compared_study(site, *, investigator: str) -> ReadingStudy:
    """Eight participants in two groups: one reader has signed everything off, the other has all of it to grade."""
    slug = f"compared-{next(_number)}"
    study = ["--study", slug]
    people = [f"P{number}" for number in range(8)]
    with tempfile.TemporaryDirectory() as folder:
        participants, grades = Path(folder, "participants.csv"), Path(folder, "grades.csv")
        participants.write_text(
            "participant,group,mri\n" + "".join(f"{who},{('IMNM', 'DM')[n % 2]},M\n" for n, who in enumerate(people))
        )
        grades.write_text(
            "participant,mri,reader,sequence,feature,muscle,score\n"
            + "".join(
                f"{who},M,{READERS[1]},STIR,edema,{muscle},{(n * 7 + place) % 4}\n"
                for n, who in enumerate(people)
                for place, muscle in enumerate(MUSCLE_CODES)
            )
        )
        site.manage(
            ["import_participants", str(participants), *study, "--create"],
            ["add_member", *study, READERS[0], "--role", "reader"],
            ["add_member", *study, investigator, "--role", "investigator"],
            ["import_grades", str(grades), *study, "--create-readers"],
            ["assign_reads", *study, "--reader", READERS[0]],
        )
    return ReadingStudy(site, slug)


def grades_of(study: ReadingStudy, cells: str) -> str:
    """The grades of a reader's only graded case: a character for each muscle or muscle:side, - where there is none."""
    stored = {(muscle, side): grade for muscle, side, grade in study.grades()}
    asked = [cell.split(":") if ":" in cell else (cell, "both") for cell in cells.split()]
    return "".join(stored.get((muscle, side), "-") for muscle, side in asked)


def described(study: ReadingStudy) -> tuple:
    """Feature, sequence, comment and whether an unusual pairing is confirmed, of a reader's first case."""
    query = (
        "SELECT feature, sequence, comment, pairing_confirmed FROM grading_read "
        "JOIN grading_study ON grading_study.id = grading_read.study_id WHERE slug = %s ORDER BY position LIMIT 1"
    )
    return study.site.rows(query, study.slug)[0]


def entries(study) -> list[tuple]:
    """Everything that was entered, in that order: muscle, score or x, version."""
    return study.site.rows(
        "SELECT muscle, coalesce(score::text, 'x'), version FROM grading_entry "
        "JOIN grading_read ON grading_read.id = read_id JOIN grading_study ON grading_study.id = grading_read.study_id "
        "WHERE slug = %s ORDER BY grading_entry.id",
        study.slug,
    )
