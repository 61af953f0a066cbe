"""An archive with the scans of many MRIs: kept until it was read, read MRI by MRI, and stored once somebody says so.

    keep ─► read (a job) ─► store
                  └───────► give up

The archive holds headers with names. It lies in pieces in the storage for scans, under a random key, and goes as soon
as it was read, whatever came of that; what was read of it is pixels and geometry. No name of a file in it is kept.
"""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from grading import slice_store
from grading.csv.imports.stored import study_for_import
from grading.models import MRI, Stack, Study, Upload
from grading.services.stacks import insert_stack, write_ahead
from grading.sheets.refusal import Problems
from grading.sheets.sheet import Told
from grading.stacks.manifest import Manifest
from grading.stacks.reader import ReadUpload, read_spool
from grading.stacks.reading.archive import open_archive, unpack_into
from grading.stacks.refusal import Refused
from grading.stacks.spool import Spool
from grading.uploads.scans import why_not_all
from grading.uploads.scans_planning import MAX_FILES, Plan, numbers_of
from thighsite.clock import database_now

NAME = "Scans of many MRIs"  # never that of the file, in which a name may stand
NO_LONGER_KEPT = "The archive is no longer kept. Nothing was stored: bring it again."
MRI_GONE = "The MRI is not in the study any more."
_PIECE = 8 * 2**20

Scan = dict[str, Any]  # of one row: line, mri, sequence, stacks, there (how many the MRI has already), left_out


@dataclass(frozen=True)
class StoredScans:
    """How many stacks of how many MRIs were stored, how many were there already, and why others could not be."""

    stacks: int
    mris: int
    there: int
    problems: list[str]


@contextmanager
def keep_archive(*, study: Study, by: Any, plan: Plan, archive: BinaryIO) -> Iterator[Upload]:
    """Keep an archive until it was read, with what is to be read of it: where the block comes to its end.

    The block runs in the transaction that notes it.
    """
    upload = Upload(study=study, by=by, what=Upload.What.SCANS, name=NAME, content=b"")
    archive.seek(0)
    try:
        slice_store.write_slices(upload.pk, iter(lambda: archive.read(_PIECE), b""))
        upload.reading = {"pieces": -(-archive.tell() // _PIECE), **asdict(plan)}
        with transaction.atomic():  # a short one: the pieces are written
            upload.save(force_insert=True)
            yield upload
    except BaseException:
        forget_archive(upload.pk)
        raise


def forget_archive(key: UUID) -> None:
    """Delete what is kept of an archive."""
    slice_store.delete_slices(key)


def read_archive(upload: Upload, told: Told) -> None:
    """Read a kept archive, MRI by MRI, note what came of it, and forget the archive whatever comes of it.

    Raises:
        Refused: the archive is no longer there.
    """
    scans: list[Scan] = []
    problems = Problems()
    try:
        with _assembled(upload) as archive:
            for number, planned in enumerate(upload.reading["scans"]):
                told(number, len(upload.reading["scans"]), "reading the scans")
                scan = {**planned, "stacks": [], "there": 0, "left_out": []}
                scans.append(scan)
                _read_scan(archive, scan, problems)
        shown, further = problems.by_kind()
        outlook = {
            "scans": [_without_files(scan) for scan in scans],
            "problems": [*map(str, shown)],
            "further": further,
        }
        upload.outlook = outlook
        Upload.objects.filter(pk=upload.pk).update(outlook=outlook, looked_at=Now())
    except BaseException:
        _delete_slices(_keys(scans))
        raise
    finally:
        forget_archive(upload.pk)


@transaction.atomic
def store_scans(upload: Upload, *, by: Any) -> StoredScans:
    """Store what was read of an archive, in somebody's name: every stack that its MRI can have.

    Raises:
        ImportRefused: entry has ended.
        ValidationError: it is stored already, was given up, or was never read.
    """
    study = study_for_import(upload.study)
    kept = Upload.objects.of_scans().not_imported().select_for_update().filter(pk=upload.pk).first()
    if kept is None or kept.outlook is None:
        raise ValidationError(NO_LONGER_KEPT)
    scans: list[Scan] = kept.outlook["scans"]
    mris = study.mris.in_bulk([UUID(scan["mri"]) for scan in scans])
    problems = Problems()
    stored = [stack for scan in scans for stack in _store(scan, mris.get(UUID(scan["mri"])), by, problems)]
    there = sum(scan["there"] for scan in scans)
    account = StoredScans(
        len(stored), len({stack.mri_id for stack in stored}), there, [*map(str, problems.by_kind()[0])]
    )
    left = _keys(scans) - {stack.pk for stack in stored}
    transaction.on_commit(lambda: _delete_slices(left))
    kept.outlook = {**kept.outlook, "account": asdict(account)}
    kept.imported_at = database_now()
    kept.save()
    return account


def give_up_scans(upload: Upload) -> bool:
    """Keep neither an archive nor what was read of it. False where it is stored already."""
    deleted, _ = Upload.objects.of_scans().not_imported().filter(pk=upload.pk).delete()
    if deleted:
        forget_archive(upload.pk)
        _delete_slices(_keys((upload.outlook or {"scans": []})["scans"]))
    return bool(deleted)


@contextmanager
def _assembled(upload: Upload) -> Iterator[zipfile.ZipFile]:
    """Put the pieces of an archive together in a file without a name, and open it. Refused where one is missing."""
    with tempfile.TemporaryFile() as file:
        try:
            for number in range(upload.reading["pieces"]):
                file.write(slice_store.read_slice(upload.pk, number))
        except slice_store.SliceMissing:
            raise Refused(NO_LONGER_KEPT) from None
        with open_archive(file, MAX_FILES) as archive:
            yield archive


def _read_scan(archive: zipfile.ZipFile, scan: Scan, problems: Problems) -> None:
    """Read the files of one row, and write the slices of its stacks ahead."""
    infos = archive.infolist()
    try:
        with Spool() as spool:
            for number in numbers_of(scan["runs"]):
                unpack_into(spool.write, archive, infos[number])
                spool.end_file()
            with read_spool(spool) as read:
                _write_ahead(scan, read)
    except Refused as refused:
        problems.add(refused.reason, scan["line"])
    except ValidationError as error:
        problems.add(" ".join(error.messages), scan["line"])


def _write_ahead(scan: Scan, read: ReadUpload) -> None:
    if why := why_not_all(scan["sequence"], len(read.stacks)):
        raise ValidationError(why)
    known = _known(scan["mri"])
    scan["left_out"] = [[left.count, left.reason] for left in read.left_out]
    for stack in read.stacks:
        if stack.manifest.sha256 in known:
            scan["there"] += 1
            continue
        scan["stacks"].append(
            {
                "key": str(write_ahead(stack.manifest, stack.slices())),
                "manifest": stack.manifest.to_json(),
                "suggested": [stack.suggested_sequence or "", stack.suggested_because],
                "notes": list(stack.notes),
            }
        )


def _store(scan: Scan, mri: MRI | None, by: Any, problems: Problems) -> Iterator[Stack]:
    """Store the stacks of one row, but those that its MRI has already or cannot have."""
    if mri is None:
        problems.add(MRI_GONE, scan["line"])
        return
    known = _known(mri.pk)
    for stack in scan["stacks"]:
        manifest = Manifest.from_json(stack["manifest"])
        if manifest.sha256 in known:
            scan["there"] += 1
            continue
        sequence, because = stack["suggested"]
        try:
            yield insert_stack(
                key=UUID(stack["key"]), mri=mri, manifest=manifest, sequence=scan["sequence"], by=by,
                suggested=(sequence, because), notes=stack["notes"],
            )  # fmt: skip
        except ValidationError as error:
            problems.add(" ".join(error.messages), scan["line"])


def _known(mri: Any) -> set[str]:
    return set(Stack.objects.not_refused().filter(mri=mri).values_list("sha256", flat=True))


def _without_files(scan: Scan) -> Scan:
    return {name: value for name, value in scan.items() if name != "runs"}


def _keys(scans: Iterable[Scan]) -> set[UUID]:
    return {UUID(stack["key"]) for scan in scans for stack in scan["stacks"]}


def _delete_slices(keys: Iterable[UUID]) -> None:
    for key in keys:
        slice_store.delete_slices(key)
