"""The opaque id under which an archive of images knows each MRI, from a mapping: for the link beside a case."""

from dataclasses import dataclass

from django.db import transaction

from grading.archive_link import why_not_id
from grading.csv.imports.mapping import MappedRow, read_mapping
from grading.csv.imports.stored import mris_by_codes, study_for_import, unknown_mri
from grading.models import MRI, Study
from grading.sheets.refusal import Problems

EXAMPLE = "participant,mri,id"


@dataclass(frozen=True)
class StoredIds:
    """How many MRIs were given an id, and how many of them had another."""

    given: int
    replaced: int


@transaction.atomic
def import_archive_ids(*, study: Study, file: bytes) -> StoredIds:
    """Store the ids of a mapping with the columns participant, mri and id: all of them or none.

    What another file said of an MRI is replaced; the trail keeps both.

    Raises:
        ImportRefused: with everything that is wrong in the file, or does not fit the study.
    """
    problems = Problems()
    rows = read_mapping(file, ("id",), problems)
    study = study_for_import(study)
    new = _matched(study, rows, problems)
    problems.refuse()
    with_another = [mri.pk for mri, id in new if mri.archive_id]
    MRI.objects.filter(pk__in=with_another).update(archive_id="")  # so that two can be exchanged
    for mri, id in new:
        mri.archive_id = id
    MRI.objects.bulk_update([mri for mri, _ in new], ["archive_id"])
    return StoredIds(len(new), len(with_another))


def _matched(study: Study, rows: list[MappedRow], problems: Problems) -> list[tuple[MRI, str]]:
    """Find the MRIs that get another id than they have, and say of what cannot be stored why."""
    mris, groups = mris_by_codes(study), list(study.groups.values_list("code", "name"))
    new = []
    ids = {place: mri.archive_id for place, mri in mris.items() if mri.archive_id}
    for row in rows:
        mri, id = mris.get(row.place), row.said["id"]
        if mri is None:
            problems.add(unknown_mri(*row.place), row.line, "mri", of_file=False)
        elif why := why_not_id(id, participant=row.participant, mri=row.mri, groups=groups):
            problems.add(why, row.line, "id")
        else:
            ids[row.place] = id
            new += [(mri, id)] if id != mri.archive_id else []
    _check_once(rows, ids, problems)
    return new


def _check_once(rows: list[MappedRow], ids: dict[tuple[str, str], str], problems: Problems) -> None:
    """Report ids that two MRIs would have: a link would open somebody else's scan."""
    owners: dict[str, list[tuple[str, str]]] = {}
    for place, id in ids.items():
        owners.setdefault(id, []).append(place)
    for row in rows:
        if len(owners.get(ids.get(row.place, ""), ())) > 1:
            problems.add("Another MRI has this id, too. Each has its own.", row.line, "id")
