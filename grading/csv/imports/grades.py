"""Grades from CSV: years of spreadsheets, or an export of this site, come in this way."""

import psycopg.errors
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grading.anatomy import TOGETHER
from grading.csv.imports.grade_matching import Matched, match_reads, sides_after
from grading.csv.imports.grade_rows import COLUMNS, ReadInFile, read_grades
from grading.csv.imports.grade_storing import store_reads
from grading.csv.imports.headers import ask_about_columns
from grading.csv.imports.readers import check_readers, make_readers
from grading.csv.imports.refusal import Problems, Questions, refuse
from grading.csv.imports.report import ImportReport, counted, ignored_columns
from grading.csv.imports.stored import fetch_stored, study_for_import
from grading.models import Read, Study
from grading.scale import is_usual_pairing


def import_grades(
    *,
    study: Study,
    file: bytes,
    dry_run: bool = False,
    create_readers: bool = False,
    accept_similar: bool = False,
) -> ImportReport:
    """Add the reads and grades of a long CSV that the study does not have yet; all of them or none.

    A grade that is stored already is skipped. Open reads of an earlier file are filled and take this one's status; a
    read never goes back to an earlier one. A file that would change a read which the site handed out (assigned, opened
    or reopened here) is refused: nobody signs for another. With ``create_readers`` readers without an account get
    one, without a password. A study without reads takes its sides from the file. What is possible but rarely meant,
    such as the name of a new reader that is easily taken for another's, is imported with ``accept_similar``.

    Raises:
        ImportRefused: with everything that is wrong in the file, or different from what is stored.
        ImportAsked: with everything that somebody has to accept first.
    """
    problems, questions = Problems(), Questions(accepted=accept_similar)
    in_file, table = read_grades(file, problems)
    report = ImportReport(study.slug, dry_run, warnings=ignored_columns(table.unknown))
    ask_about_columns(table, COLUMNS, questions)
    try:
        sides = _import(study, in_file, problems, questions, report, create_readers=create_readers)
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        raise refuse("The study was changed at the same moment. Nothing is wrong with the file: try again.") from error
    if not dry_run:
        study.sides = sides
    return report


@transaction.atomic
def _import(
    study: Study,
    in_file: list[ReadInFile],
    problems: Problems,
    questions: Questions,
    report: ImportReport,
    *,
    create_readers: bool,
) -> str:
    """Compare with what is stored, and write. Returns how the study then grades its sides."""
    study = study_for_import(study)
    stored = fetch_stored(study, in_file)
    sides = sides_after(study, stored, in_file, problems)
    readers = check_readers(study, in_file, problems, questions, create=create_readers)
    matched = match_reads(stored, in_file, problems)
    problems.refuse()
    questions.ask()

    _take_sides(study, sides)
    make_readers(study, in_file, readers, report)
    store_reads(study, matched.changes, stored, readers.users, timezone.now())
    _describe(report, study, matched)
    connection.check_constraints()  # those that wait for the end of the transaction, which a dry run never reaches
    if report.dry_run:
        transaction.set_rollback(True)
    return study.sides


def _take_sides(study: Study, sides: tuple[str, ...]) -> None:
    if sides != study.graded_sides:
        study.sides = Study.Sides.TOGETHER if sides == TOGETHER else Study.Sides.APART
        study.save(update_fields=["sides"])


def _describe(report: ImportReport, study: Study, matched: Matched) -> None:
    """Count what is new, and warn of what is allowed but rarely meant."""
    changes, report.skipped = matched.changes, matched.skipped
    report.filled_reads = sum(change.stored is not None for change in changes)
    report.reads = len(changes) - report.filled_reads
    report.grades = sum(len(change.grades) for change in changes)
    complete = len(study.cells)
    remarks = {
        "signed off with muscles that carry no grade": sum(
            change.status == Read.Status.SIGNED_OFF and change.graded < complete for change in changes
        ),
        "with an unusual pairing of feature and sequence, taken as confirmed": sum(
            not is_usual_pairing(change.in_file.key.feature, change.in_file.sequence) for change in changes
        ),
        "further along here than in the file, and left so": matched.further_along,
    }
    report.warnings += [f"{counted(count, 'read', 'reads')} {what}." for what, count in remarks.items() if count]
