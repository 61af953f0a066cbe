"""Grades as CDISC ODM 1.3.2: a snapshot in which each grade says who entered it when, each read who signed it off.

Participant, MRI, read and grade are Subject, StudyEvent, Form and ItemGroup. One read at a time is held.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Collate
from django.utils import timezone

from grading.anatomy import MUSCLE_CODES
from grading.formats import odm_metadata as metadata
from grading.formats.finality import finality
from grading.formats.xml_text import begin, empty, holding
from grading.models import Grade, Read, Study
from thighsite import __version__
from thighsite.postgres.snapshot import one_snapshot

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
IMPORTED = "Brought in by a file, graded before elsewhere."
CHUNK = 500  # reads, each with its grades


def odm(study: Study) -> Iterator[str]:
    """Write the XML of a study's reads that have a grade; of none by which readers calibrate."""
    with one_snapshot():
        reads = _reads(study)
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield _root(study)
        yield from metadata.study_element(study)
        users = reads.order_by("reader").values_list("reader", "reader__username").distinct()
        meaning = reads.exclude(sign_off_meaning="").order_by().values_list("sign_off_meaning", flat=True).first()
        yield from metadata.admin_element(study, users, meaning or "Signed off", study.created_at)
        yield begin("ClinicalData", StudyOID=study.pk, MetaDataVersionOID=metadata.VERSION)
        yield from _subjects(reads.iterator(chunk_size=CHUNK))
        yield "</ClinicalData></ODM>\n"


def _root(study: Study) -> str:
    now = timezone.now()
    return begin(
        "ODM", xmlns=NAMESPACE, ODMVersion="1.3.2", FileType="Snapshot", Granularity="AllClinicalData",
        FileOID=f"{study.slug}.{now:%Y%m%dT%H%M%S%f}", CreationDateTime=_time(now), Originator="thighsite",
        SourceSystem="thighsite", SourceSystemVersion=__version__, Description=finality(study),
    )  # fmt: skip


def _reads(study: Study) -> Any:
    graded = Exists(Grade.objects.filter(read=OuterRef("pk")))
    reads = Read.objects.filter(graded, study=study, mri__participant__is_calibration=False)
    people = reads.select_related("mri__participant__group", "reader").prefetch_related(Prefetch("grades", _grades()))
    return people.order_by(
        Collate("mri__participant__code", "C"),
        Collate("mri__code", "C"),
        Collate("reader__username", "C"),
        "occasion",
        "feature",
    )


def _grades() -> QuerySet[Grade]:
    return Grade.objects.only("read", *metadata.GRADE_ITEMS, "changed_at")


def _subjects(reads: Iterator[Read]) -> Iterator[str]:
    for participant, theirs in groupby(reads, key=lambda read: read.mri.participant.code):
        yield begin("SubjectData", SubjectKey=participant)
        for mri, of_mri in groupby(theirs, key=lambda read: read.mri.code):
            yield begin("StudyEventData", StudyEventOID=metadata.EVENT, StudyEventRepeatKey=mri)
            yield from map(_form, of_mri)
            yield "</StudyEventData>"
        yield "</SubjectData>"


def _form(read: Read) -> str:
    grades = sorted(read.grades.all(), key=lambda grade: (MUSCLE_CODES.index(grade.muscle), grade.side))
    values = _of_read(read)
    items = "".join(_item(name, values[name]) for name in metadata.READ_ITEMS)
    content = [_signature(read), holding("ItemGroupData", items, ItemGroupOID=metadata.OF_READ)]
    content += [_grade(read, grade) for grade in grades]
    return holding("FormData", "".join(content), FormOID=metadata.FORM, FormRepeatKey=read.code)


def _grade(read: Read, grade: Grade) -> str:
    items = "".join(_item(name, getattr(grade, name)) for name in metadata.GRADE_ITEMS)
    key = f"{grade.muscle}.{grade.side}"
    return holding("ItemGroupData", _audit(read, grade) + items, ItemGroupOID=metadata.OF_GRADE, ItemGroupRepeatKey=key)


def _audit(read: Read, grade: Grade) -> str:
    """Say who gave a grade its last value and when: its reader, or the site for a file."""
    who = metadata.SITE if read.is_imported else metadata.user(read.reader_id)
    reason = holding("ReasonForChange", IMPORTED) if read.is_imported else ""
    return holding("AuditRecord", _who(who) + holding("DateTimeStamp", _time(grade.changed_at)) + reason)


def _signature(read: Read) -> str:
    if read.signed_off_at is None:
        return ""
    signed = empty("SignatureRef", SignatureOID=metadata.SIGNATURE)
    when = holding("DateTimeStamp", _time(read.signed_off_at))
    return holding("Signature", _who(metadata.user(read.reader_id)) + signed + when)


@lru_cache
def _who(oid: str) -> str:
    return empty("UserRef", UserOID=oid) + empty("LocationRef", LocationOID=metadata.LOCATION)


def _of_read(read: Read) -> dict[str, Any]:
    other = {
        "group": read.mri.participant.group.code,
        "reader": read.reader.get_username(),
        "imported": read.is_imported,
        "withdrawn": read.mri.participant.is_withdrawn,
    }
    return {name: getattr(read, name) for name in metadata.READ_ITEMS if name not in other} | other


@lru_cache(maxsize=2**14, typed=True)  # there are few scores and many grades; True is another value than 1
def _item(name: str, value: Any) -> str:
    """Write an item's value; a score that there is none of is null, and what else is empty is left out."""
    if value is None and name == "score":
        return empty("ItemData", ItemOID=metadata.item(name), IsNull="Yes")
    return "" if value in (None, "") else empty("ItemData", ItemOID=metadata.item(name), Value=_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _time(value) if isinstance(value, datetime) else value


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
