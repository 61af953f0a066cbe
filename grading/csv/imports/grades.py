"""Grades from CSV: years of spreadsheets, or an export of this site, come in this way."""

from typing import Any

import psycopg.errors
from django.db import IntegrityError, connection, transaction

from grading.anatomy import MUSCLE_CODES, TOGETHER, Cell
from grading.codes.spelling import seen
from grading.csv.imports.batches import what_is_done
from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.grade_matching import Matched, match_reads, sides_after
from grading.csv.imports.grade_rows import COLUMNS, ReadInFile, read_grades
from grading.csv.imports.grade_storing import Import, store_reads
from grading.csv.imports.headers import ask_about_columns
from grading.csv.imports.readers import check_readers, make_readers
from grading.csv.imports.reading import AS_IT_IS, Reading
from grading.csv.imports.report import ImportReport, ignored_columns
from grading.csv.imports.row_changes import changes_of_reads, new_readers, summed_reads
from grading.csv.imports.stored import fetch_only_mris, fetch_stored, study_for_import
from grading.limits import MAX_REASON_LENGTH
from grading.models import Study
from grading.scale import is_usual_pairing
from grading.services.database_words import in_words, violates
from grading.sheets.refusal import Problems, Questions, refuse
from grading.sheets.sheet import Told, told_nobody
from grading.words import counted
from thighsite.acting import because
from thighsite.clock import database_now

OF_ANOTHER_SITE = (
    "The file has reads by a reader who is limited to one study site, of a participant who is not of that. Take those "
    "rows out, or have a coordinator let the reader be for all study sites (Members) until they are imported."
)


def import_grades(
    *,
    study: Study,
    file: bytes,
    by: Any = None,
    dry_run: bool = False,
    create_readers: bool = False,
    ask_about_readers: bool = False,
    reason: str = "",
    accept_similar: bool = False,
    answered: str = "",
    reading: Reading = AS_IT_IS,
    expected: str = "",
    told: Told = told_nobody,
    header: FileHeader | None = None,
) -> ImportReport:
    """Add the reads and grades of a long CSV that the study does not have yet; all of them or none.

    A grade that is stored already is skipped. A new read is signed off unless the file says draft; drafts of an earlier
    file are filled, and signed off where this one says so; a read never goes back to an earlier status. A file that
    would change a read which the site handed out (assigned, opened or reopened here) is refused: nobody signs for
    another. A study without reads takes its sides from the file.

    Args:
        by: who brings the file in; None for a command.
        create_readers: give readers without an account one, without a password.
        ask_about_readers: the same where somebody accepts it, with ``accept_similar``; asked for each of them.
        reason: why what earlier files brought in is corrected: with one, what the file says otherwise replaces it.
        accept_similar: import what is possible but rarely meant, such as the name of a new reader that is easily taken
            for another's.
        answered: digest of the questions that were asked and answered with yes; others are asked.
        reading: what is said of the file because it does not say so itself.
        expected: the fingerprint of the dry run that was shown: nothing else is imported than what it said.
        told: is told how far it is.
        header: is told what columns the file has, also where it is refused.

    Raises:
        ImportRefused: with everything that is wrong in the file, or different from what is stored.
        ImportAsked: with everything that somebody has to accept first.
        ImportLacks: the file does not say what can be said once for all of its rows.
        ImportChanged: what would be stored is not what was expected.
    """
    problems, questions = Problems(), Questions(accepted=accept_similar, answered=answered)
    reason = _checked(reason)
    in_file, table = read_grades(file, problems, reading, lambda: fetch_only_mris(study), told, header)
    report = ImportReport(study.slug, dry_run, warnings=ignored_columns(table.unknown), remarks=table.sheet.remarks)
    ask_about_columns(table, COLUMNS, questions)
    this = Import(by, database_now())
    told(0, None, "comparing with what is stored")
    try:
        with because(reason):
            sides = _import(
                study,
                in_file,
                problems,
                questions,
                report,
                this,
                create_readers=create_readers,
                ask_about_readers=ask_about_readers,
                reason=reason,
                expected=expected,
                told=told,
            )
    except IntegrityError as error:
        if violates(error, "read_readers_per_mri"):
            raise refuse(in_words(error)) from error
        if violates(error, "open_read_of_own_site"):
            raise refuse(OF_ANOTHER_SITE) from error
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        message = "The study was changed at the same moment. Nothing is wrong with the file: try again."
        raise refuse(message, of_file=False) from error
    if not dry_run:
        study.sides = sides
    return report


def _checked(reason: str) -> str:
    """Take the reason as it is stored. ImportRefused for one that is too long."""
    reason = reason.replace("\x00", "").strip() if seen(reason) else ""
    if len(reason) > MAX_REASON_LENGTH:
        message = f"Give the reason for the corrections in at most {MAX_REASON_LENGTH} characters."
        raise refuse(message, of_file=False)
    return reason


@transaction.atomic
def _import(
    study: Study,
    in_file: list[ReadInFile],
    problems: Problems,
    questions: Questions,
    report: ImportReport,
    this: Import,
    *,
    create_readers: bool,
    ask_about_readers: bool,
    reason: str,
    expected: str,
    told: Told,
) -> str:
    """Compare with what is stored, and write. Returns how the study then grades its sides."""
    all_rows_are_read = not problems  # else a muscle may only seem to be missing
    study = study_for_import(study)
    problems.of_file = False
    stored = fetch_stored(study, in_file)
    sides = sides_after(study, stored, in_file, problems)
    readers = check_readers(study, in_file, problems, questions, create=create_readers, ask=ask_about_readers)
    cells = [Cell(muscle, side) for muscle in MUSCLE_CODES for side in sides] if all_rows_are_read else []
    matched = match_reads(stored, in_file, problems, cells=cells, correcting=bool(reason), now=this.at)
    problems.refuse()
    questions.ask()

    _describe(report, matched)
    _take_sides(study, sides)
    make_readers(study, in_file, readers, report)
    new = new_readers(report.readers_created, report.readers_added)
    report.tell(
        lambda: [*new, *changes_of_reads(matched.changes)],
        lambda: [sides, reason, *map(str, new), *summed_reads(matched.changes)],
        expected,
    )
    store_reads(study, matched.changes, stored, readers.users, this, told, what_is_done(dry_run=report.dry_run))
    connection.check_constraints()  # those that wait for the end of the transaction, which a dry run never reaches
    if report.dry_run:
        transaction.set_rollback(True)
    return study.sides


def _take_sides(study: Study, sides: tuple[str, ...]) -> None:
    if sides != study.graded_sides:
        study.sides = Study.Sides.TOGETHER if sides == TOGETHER else Study.Sides.APART
        study.save(update_fields=["sides"])


def _describe(report: ImportReport, matched: Matched) -> None:
    """Count what is new, and warn of what is allowed but rarely meant. Goes before writing, which changes the reads."""
    changes, report.skipped = matched.changes, matched.skipped
    report.corrected_reads = sum(change.is_correction for change in changes)
    report.corrected = sum(len(change.other) for change in changes)
    report.reads = sum(change.stored is None for change in changes)
    report.filled_reads = len(changes) - report.reads - report.corrected_reads
    report.grades = sum(len(change.new) for change in changes)
    remarks = {
        "with an unusual pairing of feature and sequence, taken as confirmed": sum(
            not is_usual_pairing(change.in_file.key.feature, change.in_file.sequence) for change in changes
        ),
        "further along here than in the file, and left so": matched.further_along,
        "left as a draft of an earlier file, since this one gives no status: signed_off would sign it off": (
            matched.left_open
        ),
    }
    report.warnings += [f"{counted(count, 'read', 'reads')} {what}." for what, count in remarks.items() if count]
