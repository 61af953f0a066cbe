"""Where MRIs belong: to which participant, under which code, from which year, and how many days after the first."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import MRI, Participant, Read
from grading.services.participants.checks import lock_for_correction
from grading.services.participants.correcting import NOTHING_DIFFERS
from grading.services.reasons import checked_reason
from thighsite.acting import because

Problem = tuple[UUID, str]  # MRI and field: code, year or days

DAYS_NEEDED = "Needed with two MRIs: days since the first, which has 0."
DAYS_TWICE = "Another MRI of the participant has the same day."
NO_FIRST = "None of the participant's MRIs has day 0. The first has it."
YEAR_BEFORE = "The MRI before it is of a later year: correct a year, or the days."
CODE_TWICE = (
    "Another MRI of the participant has this code. Give one of them another, or first delete what was entered twice."
)


@dataclass(frozen=True)
class PlacedMRI:
    """An MRI as it shall be."""

    mri: UUID
    participant: UUID
    code: str
    scan_year: int | None
    days: int | None

    @classmethod
    def of(cls, mri: MRI) -> "PlacedMRI":
        return cls(mri.pk, mri.participant_id, mri.code, mri.scan_year, mri.days_since_first_mri)


def placement_problems(placed: Iterable[PlacedMRI]) -> dict[Problem, str]:
    """Say what is wrong with the codes and days of all MRIs of some participants. Empty where nothing is."""
    problems: dict[Problem, str] = {}
    by_participant = defaultdict(list)
    for each in placed:
        by_participant[each.participant].append(each)
    for own in by_participant.values():
        codes = Counter(each.code for each in own)
        problems |= {(each.mri, "code"): CODE_TWICE for each in own if codes[each.code] > 1}
        problems |= _problems_of_days(own)
    return problems


def _problems_of_days(own: list[PlacedMRI]) -> dict[Problem, str]:
    """One MRI needs no days; two and more need them whole, distinct, and one of them 0."""
    if len(own) < 2:
        return {}
    if missing := [each for each in own if each.days is None]:
        return {(each.mri, "days"): DAYS_NEEDED for each in missing}
    days = Counter(each.days for each in own)
    if repeated := [each for each in own if days[each.days] > 1]:
        return {(each.mri, "days"): DAYS_TWICE for each in repeated}
    if 0 not in days:
        earliest = min(own, key=lambda each: each.days or 0)
        return {(earliest.mri, "days"): NO_FIRST}
    dated = sorted((each for each in own if each.scan_year is not None), key=lambda each: each.days or 0)
    return {
        (after.mri, "year"): YEAR_BEFORE
        for before, after in pairwise(dated)
        if (after.scan_year or 0) < (before.scan_year or 0)
    }


FOR_CALIBRATION = "One of the two is for calibration: readers see what their grades should be, so MRIs stay apart."


@transaction.atomic
def place_mris(*, participants: Collection[Participant], placed: Collection[PlacedMRI], reason: str, seen: str) -> None:
    """Store codes, years and days of all MRIs of some participants, and whose they are.

    Raises:
        ChangedMeanwhile: they are not as the page showed them.
        ValidationError: nothing differs, codes or days do not fit, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    lock_for_correction(participants, seen=seen)
    with because(reason):
        if not write_placement(participants, placed):
            raise ValidationError(NOTHING_DIFFERS)


def write_placement(participants: Collection[Participant], placed: Collection[PlacedMRI]) -> bool:
    """Write how MRIs of locked participants shall be, in one statement; say whether any of them differed."""
    by_key = {each.mri: each for each in placed}
    mris = list(MRI.objects.filter(participant__in=participants))
    if {mri.pk for mri in mris} != by_key.keys():
        raise ValidationError("The MRIs are not those of the page. Open it again.")
    if problems := placement_problems(placed):
        raise ValidationError(list(dict.fromkeys(problems.values())))
    changed = [mri for mri in mris if PlacedMRI.of(mri) != by_key[mri.pk]]
    if len({participant.is_calibration for participant in participants}) > 1:
        raise ValidationError(FOR_CALIBRATION)
    _lock_reads([mri.pk for mri in changed if mri.participant_id != by_key[mri.pk].participant])
    for mri in changed:
        new = by_key[mri.pk]
        mri.participant_id, mri.code = new.participant, new.code
        mri.scan_year, mri.days_since_first_mri = new.scan_year, new.days
    MRI.objects.bulk_update(changed, ["participant", "code", "scan_year", "days_since_first_mri"])
    return bool(changed)


def _lock_reads(mris: Collection[UUID]) -> None:
    """Wait for what is on its way for reads of MRIs that are moved: the other participant may have withdrawn."""
    list(Read.objects.filter(mri__in=mris).order_by("pk").select_for_update().values_list("pk"))
