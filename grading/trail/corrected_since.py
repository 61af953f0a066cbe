"""What is called otherwise now than when a read was signed off: shown beside it on its participant's page."""

from collections.abc import Iterable

from grading.models import MRI, Participant, Read, Study, TrailRecord

_OF_PARTICIPANT = {"code": "code", "group_id": "group"}
_OF_MRI = {"code": "MRI code", "participant_id": "participant"}


def records_of_mris(study: Study, reads: Iterable[Read]) -> list[TrailRecord]:
    """Fetch, newest first, what ``corrected_since`` needs of the participants and MRIs of reads."""
    mris = {read.mri for read in reads}
    keys = [str(mri.pk) for mri in mris] + [str(mri.participant_id) for mri in mris]
    tables = (Participant._meta.db_table, MRI._meta.db_table)
    changed = TrailRecord.objects.of_study(study).filter(table__in=tables, key__in=keys)
    return list(changed.filter(operation=TrailRecord.Operation.UPDATE).newest_first())


def corrected_since(records: Iterable[TrailRecord], read: Read) -> list[str]:
    """List in words what is called otherwise now than when a read was signed off, or brought in by a file.

    Args:
        records: the trail of the read's participant and MRIs, newest first (TrailRecordQuerySet.about_participant).
    """
    if read.signed_off_at is None:
        return []
    since = max(filter(None, (read.signed_off_at, read.imported_at)))
    columns = {
        (Participant._meta.db_table, str(read.mri.participant_id)): _OF_PARTICIPANT,
        (MRI._meta.db_table, str(read.mri_id)): _OF_MRI,
    }
    words = [
        word
        for record in records
        if record.operation == TrailRecord.Operation.UPDATE and record.at > since
        for column, word in columns.get((record.table, record.key), {}).items()
        if column in (record.before or {})
    ]
    return list(dict.fromkeys(words))
