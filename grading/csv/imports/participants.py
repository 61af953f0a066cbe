"""Participants and their MRIs from CSV."""

from typing import Any

from django.db import transaction

from grading.csv.imports.participant_rows import MRIInFile, ParticipantInFile, read_participants
from grading.csv.imports.refusal import Problems
from grading.csv.imports.report import ImportReport, ignored_columns
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.stored import study_for_import
from grading.models import MRI, Participant, Study

BATCH = 2000


@transaction.atomic
def import_participants(*, study: Study, file: bytes, dry_run: bool = False) -> ImportReport:
    """Add the participants and MRIs of a CSV that the study does not have yet; all of them or none.

    What is stored already and says the same is skipped. An empty cell says nothing, so it never differs.

    Raises:
        ImportRefused: with everything that is wrong in the file, or different from what is stored.
    """
    study = study_for_import(study)
    problems = Problems()
    in_file, table = read_participants(file, problems)
    report = ImportReport(study.slug, dry_run, warnings=ignored_columns(table.unknown))
    participants = _match_participants(study, in_file, problems)
    mris = _match_mris(study, participants, in_file, problems)
    problems.refuse()

    new_participants = [participant for participant in participants.values() if participant._state.adding]
    new_mris = [mri for mri in mris if mri._state.adding]
    report.participants, report.mris = len(new_participants), len(new_mris)
    report.skipped = len(mris) - len(new_mris)
    Participant.objects.bulk_create(new_participants, batch_size=BATCH)
    MRI.objects.bulk_create(new_mris, batch_size=BATCH)
    if dry_run:
        transaction.set_rollback(True)
    return report


def _match_participants(
    study: Study, in_file: dict[str, ParticipantInFile], problems: Problems
) -> dict[str, Participant]:
    """List the file's participants by code: those of the study where it has them, else new ones."""
    groups = {group.code: group for group in study.groups.all()}
    participants = {participant.code: participant for participant in study.participants.select_related("group")}
    for code, found in in_file.items():
        if found.fields["group"] not in groups:
            known = ", ".join(groups) or "none"
            problems.add(f"{quoted(found.fields['group'])} is not a group of the study ({known}).", found.line, "group")
        elif code in participants:
            _compare(f"participant {quoted(code)}", participants[code], found, problems)
        else:
            fields = found.fields | {"group": groups[found.fields["group"]]}
            participants[code] = Participant(study=study, code=code, **fields)
    return participants


def _match_mris(
    study: Study, participants: dict[str, Participant], in_file: dict[str, ParticipantInFile], problems: Problems
) -> list[MRI]:
    """List the file's MRIs: those of the study where it has them, else new ones."""
    stored = {(mri.participant_id, mri.code): mri for mri in study.mris.all()}
    mris = []
    for code, found in in_file.items():
        if not (participant := participants.get(code)):
            continue  # its group is unknown, and reported
        for mri_code, found_mri in found.mris.items():
            if mri := stored.get((participant.pk, mri_code)):
                _compare(f"MRI {quoted(mri_code)}", mri, found_mri, problems)
            else:
                mri = MRI(study=study, participant=participant, code=mri_code, **found_mri.fields)
            mris.append(mri)
    return mris


def _compare(what: str, stored: Participant | MRI, found: ParticipantInFile | MRIInFile, problems: Problems) -> None:
    """Refuse whatever the file says differently from what is stored."""
    for name, value in found.fields.items():
        kept = _kept(stored, name)
        if kept != value:
            problems.add(f"'{value}' for {what}, but the study has {_said(kept)}.", found.line, name)


def _kept(stored: Participant | MRI, name: str) -> Any:
    return stored.group.code if isinstance(stored, Participant) and name == "group" else getattr(stored, name)


def _said(kept: Any) -> str:
    return "nothing there" if kept in (None, "") else f"'{kept}'"
