"""Looking at a file that somebody has brought, and importing it: what was shown, or nothing."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from grading.csv.covariate_columns import own_columns
from grading.csv.imports import ImportReport, Reading, grade_rows, import_grades, import_participants, participant_rows
from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.outlook import IMPORTED, READY, Outlook, outlook_of, outlook_of_report
from grading.csv.imports.report import ImportChanged
from grading.models import Study, Upload
from grading.models.upload import MAX_NAME_LENGTH
from grading.sheets.refusal import ImportRefused
from grading.sheets.sheet import Told, told_nobody
from grading.sheets.workbook.reading import size_in_text
from thighsite.clock import database_now

_COLUMNS = {Upload.What.PARTICIPANTS: participant_rows.COLUMNS, Upload.What.GRADES: grade_rows.COLUMNS}


def keep_upload(*, study: Study, by: Any, what: str, name: str, content: bytes, reason: str = "") -> Upload:
    """Keep a file for somebody to look at."""
    name = name[-MAX_NAME_LENGTH:]
    return Upload.objects.create(study=study, by=by, what=what, name=name, content=content, reason=reason)


def columns_for(upload: Upload) -> tuple[str, ...]:
    """List the columns that an import of the file knows."""
    what = Upload.What(upload.what)
    own = own_columns(upload.study) if what == Upload.What.PARTICIPANTS else ()
    return (*_COLUMNS[what], *(column.name for column in own))


def forget_uploads() -> None:
    """Delete the files that were left lying for a day."""
    Upload.objects.forgotten().delete()


def say_of(upload: Upload, *, reading: Reading, reason: str, accepted: str) -> None:
    """Note what somebody says of a file. What it would change has to be looked at anew."""
    _note(upload, reading=asdict(reading), reason=reason, accepted=accepted, outlook=None)


def look_at(upload: Upload, told: Told = told_nobody) -> Outlook:
    """Find what a file would change, and keep that with it. Nothing of it is stored in the study."""
    content, header = bytes(upload.content), FileHeader()
    outlook = outlook_of(lambda: _take(upload, content, told, dry_run=True, by=upload.by, header=header), header)
    outlook.size = size_in_text(content)
    _note(upload, outlook=outlook.as_json())
    return outlook


@transaction.atomic
def import_upload(upload: Upload, fingerprint: str, *, by: Any, told: Told = told_nobody) -> ImportReport:
    """Import a file as it was shown, in somebody's name; its content goes.

    Raises:
        ImportRefused: it is imported already, given up, or can no longer be imported.
        ImportChanged: it would change something else than what was shown.
    """
    kept = Upload.objects.not_imported().select_for_update().filter(pk=upload.pk).first()
    if kept is None:
        raise ImportRefused([])
    report = _take(kept, bytes(kept.content), told, dry_run=False, by=by, expected=fingerprint or "-")
    shown = Outlook(**(kept.outlook or {"state": READY}))
    done = outlook_of_report(report)
    done.rows = shown.rows
    _note(kept, outlook=done.as_json(), imported_at=database_now(), content=b"")
    return report


def look_again(upload: Upload, refused: ImportRefused, told: Told = told_nobody) -> Outlook:
    """Show what a file would change now, where it was refused as it was shown; nothing where it is imported already."""
    kept = Upload.objects.not_imported().filter(pk=upload.pk).first()
    if kept is None:
        return Outlook(IMPORTED)
    outlook = look_at(kept, told)
    if isinstance(refused, ImportChanged):
        outlook.has_changed = True
        _note(kept, outlook=outlook.as_json())
    return outlook


def give_up(upload: Upload) -> bool:
    """Keep a file no longer. False where it is imported already."""
    deleted, _ = Upload.objects.not_imported().filter(pk=upload.pk).delete()
    return bool(deleted)


def _take(upload: Upload, content: bytes, told: Told, *, by: Any, **options: Any) -> ImportReport:
    """Import or look, with what is said of the file. ImportAsked for other questions than those that were accepted."""
    options |= {"study": upload.study, "file": content, "reading": _reading(upload), "told": told}
    if upload.what == Upload.What.GRADES:
        options |= {"by": by, "reason": upload.reason, "ask_about_readers": True}
    take = import_grades if upload.what == Upload.What.GRADES else import_participants
    return take(answered=upload.accepted, **options)


def _reading(upload: Upload) -> Reading:
    return Reading(**upload.reading)


def _note(upload: Upload, **values: Any) -> None:
    """Note what was said or found of a file, unless it was imported or given up in another window meanwhile."""
    for name, value in values.items():
        setattr(upload, name, value)
    Upload.objects.not_imported().filter(pk=upload.pk).update(looked_at=Now(), **values)
