"""Participants and their MRIs from CSV."""

from typing import Any

from django.db import connection, transaction

from grading.ages import TOP_AGE_YEARS
from grading.csv.covariate_columns import own_columns
from grading.csv.imports.batches import batches, what_is_done
from grading.csv.imports.code_checks import check_new_codes
from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.group_checks import ask_about_groups
from grading.csv.imports.groups import found_groups
from grading.csv.imports.headers import ask_about_columns
from grading.csv.imports.participant_matching import MatchedParticipants, known_participants, match_participants
from grading.csv.imports.participant_rows import COLUMNS, ParticipantInFile, read_participants
from grading.csv.imports.reading import AS_IT_IS, Reading
from grading.csv.imports.report import ImportReport, ignored_columns
from grading.csv.imports.row_changes import changes_of_participants, summed_participants
from grading.csv.imports.stored import study_for_import
from grading.models import MRI, Participant, Study
from grading.models.covariate import fill_covariates
from grading.sheets.refusal import Problems, Questions, refuse
from grading.sheets.sheet import Told, told_nobody
from grading.words import counted
from thighsite.limiting import limited_to

GROUPS_OF_THE_STUDY = (
    "The study has no diagnosis groups yet, and you are limited to one study site: a coordinator of the whole study "
    "sets the groups (Settings) first."
)


@transaction.atomic
def import_participants(
    *,
    study: Study,
    file: bytes,
    dry_run: bool = False,
    accept_similar: bool = False,
    answered: str = "",
    reading: Reading = AS_IT_IS,
    expected: str = "",
    told: Told = told_nobody,
    header: FileHeader | None = None,
) -> ImportReport:
    """Add the participants and MRIs of a CSV that the study does not have yet; all of them or none.

    What is stored already and says the same is skipped. An empty cell says nothing, so it never differs; a value that
    is missing in the study is added, and one that differs is refused: it is corrected on the participant's page. What
    is possible but rarely meant, such as a code that is easily taken for another, is imported with ``accept_similar``.
    ``answered`` is the digest of the questions that were answered with yes; others are asked.
    What the file does not say itself, the ``reading`` says of it. A study without groups takes them from the file, but
    from nobody who is limited to a study site.
    With ``expected``, the fingerprint of the dry run that was shown, nothing else is imported than what it said.
    ``told`` is told how far it is, ``header`` what columns the file has, also where it is refused.

    Raises:
        ImportRefused: with everything that is wrong in the file, or different from what is stored.
        ImportAsked: with everything that somebody has to accept first.
        ImportChanged: what would be stored is not what was expected.
    """
    problems, questions = Problems(), Questions(accepted=accept_similar, answered=answered)
    own = own_columns(study)
    in_file, table = read_participants(file, problems, reading, told, header, own)
    study = study_for_import(study)  # after the reading, so that nobody waits for that
    if own_columns(study) != own:
        raise refuse("Covariates or sites were changed while the file was read: bring it again.", of_file=False)
    report = ImportReport(
        study.slug, dry_run, warnings=ignored_columns(table.unknown) + _older(in_file), remarks=table.sheet.remarks
    )
    ask_about_columns(table, [*COLUMNS, *(column.name for column in own)], questions)
    if in_file and not study.groups.exists():
        if limited_to():
            raise refuse(GROUPS_OF_THE_STUDY, of_file=False)
        report.groups = found_groups(study, in_file, problems)
    known = known_participants(study)
    check_new_codes(in_file, {code: list(each.mris) for code, each in known.items()}, problems, questions)
    problems.of_file = False
    matched = match_participants(study, known, in_file, problems)
    if not known:
        ask_about_groups(in_file, questions)
    problems.refuse()
    questions.ask()

    report.warnings += _without_mri(matched)
    report.participants, report.mris = len(matched.participants), len(matched.mris)
    report.filled, report.skipped = sum(map(len, matched.filled.values())), matched.skipped
    report.tell(
        lambda: list(changes_of_participants(matched, _lines(in_file))),
        lambda: [*((group.code, group.is_reference) for group in report.groups), *summed_participants(matched)],
        expected,
    )
    _store(matched, told, what_is_done(dry_run=dry_run))
    connection.check_constraints()  # those that wait for the end of the transaction, which a dry run never reaches
    if dry_run:
        transaction.set_rollback(True)
    return report


def _store(matched: MatchedParticipants, told: Told, doing: str) -> None:
    """Write what is new, and the values that were missing: by batches, however many rows."""
    for model, new, name in ((Participant, matched.participants, "participants"), (MRI, matched.mris, "MRIs")):
        for batch in batches(new, told, f"{doing} the {name}"):
            model.objects.bulk_create(batch)
    for model in (Participant, MRI):
        rows: list[Any] = [row for row in matched.filled if isinstance(row, model)]
        names = sorted({name for row in rows for name in matched.filled[row]} - matched.covariates.keys())
        for batch in batches(rows if names else [], told, f"{doing} what was missing"):
            model.objects.bulk_update(batch, names)
    for batch in batches([*matched.with_covariates.items()], told, f"{doing} the covariates"):
        fill_covariates(dict(batch))


def _lines(in_file: dict[str, ParticipantInFile]) -> dict[Any, int]:
    """Find where each participant and each of their MRIs stands first."""
    mris = {(code, mri): of_file.line for code, found in in_file.items() for mri, of_file in found.mris.items()}
    return {code: found.line for code, found in in_file.items()} | mris


def _older(in_file: dict[str, ParticipantInFile]) -> list[str]:
    """Write the warning about ages that are not stored as they are, if there are any."""
    count = sum(participant.is_older for participant in in_file.values())
    who = f"{counted(count, 'participant is', 'participants are')} over {TOP_AGE_YEARS}"
    return [f"{who}: stored as {TOP_AGE_YEARS}, which means {TOP_AGE_YEARS} or more."] if count else []


def _without_mri(matched: MatchedParticipants) -> list[str]:
    """Write the warning about new participants with whom nothing can be read, if there are any."""
    with_mri = {mri.participant for mri in matched.mris}
    count = sum(participant not in with_mri for participant in matched.participants)
    who = counted(count, "new participant has", "new participants have")
    return [f"{who} no MRI, so nobody can be given a read of them."] if count else []
