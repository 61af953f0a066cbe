"""The forms that say how all MRIs of one or two participants shall be: codes, years, days."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from grading.forms.participants import CodeField, CorrectionForm, choices_between
from grading.limits import EARLIEST_SCAN_YEAR
from grading.models import MRI, Participant
from grading.services.participants import PlacedMRI, differing, placement_problems

MAX_DAYS = 2**31 - 1


@dataclass(frozen=True)
class MRIRow:
    """One MRI's fields, as a row of the form's table: ``participant`` is the code of whom it shall belong to."""

    mri: MRI
    participant: str
    fields: tuple[forms.BoundField, ...]


class MRIsForm(CorrectionForm):
    """Code, scan year and days of MRIs, each in fields of its own.

    ``belongs_to`` tells the participant that an MRI shall belong to; ``days`` what is proposed for it.
    """

    def __init__(
        self,
        data=None,
        *,
        mris: Collection[MRI],
        seen: str,
        belongs_to: Callable[[MRI], Participant] = lambda mri: mri.participant,
        days: Callable[[MRI], int | None] = lambda mri: mri.days_since_first_mri,
    ):
        super().__init__(data, seen=seen)
        self.mris, self._belongs_to = list(mris), belongs_to
        this_year = timezone.now().year
        for mri in self.mris:
            self.fields[f"code-{mri.pk}"] = CodeField(label=f"Code of {mri.code}", initial=mri.code)
            self.fields[f"year-{mri.pk}"] = _whole(
                f"Scan year of {mri.code}", EARLIEST_SCAN_YEAR, this_year, mri.scan_year
            )
            self.fields[f"days-{mri.pk}"] = _whole(f"Days of {mri.code} since the first MRI", 0, MAX_DAYS, days(mri))
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            for (mri, name), problem in placement_problems(self.placed).items():
                self.add_error(f"{name}-{mri}", problem)
        return cleaned

    @property
    def placed(self) -> list[PlacedMRI]:
        """Give the MRIs as services.participants take them."""
        return [
            PlacedMRI(mri.pk, self._belongs_to(mri).pk, *(self.cleaned_data[f"{name}-{mri.pk}"] for name in _COLUMNS))
            for mri in self.mris
        ]

    def rows(self) -> list[MRIRow]:
        """List the MRIs as the page shows them: by participant, the first MRI first."""
        rows = [
            MRIRow(mri, self._belongs_to(mri).code, tuple(self[f"{name}-{mri.pk}"] for name in _COLUMNS))
            for mri in self.mris
        ]
        return sorted(rows, key=lambda row: (row.participant, *_place(row.mri)))

    def plain_fields(self) -> list[forms.BoundField]:
        return [self["reason"]]


class MoveForm(MRIsForm):
    """An MRI that belongs to another participant, whose code is ``other``, with all MRIs of both."""

    other = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, mri: MRI, to: Participant, mris: Collection[MRI], seen: str):
        days = _counted_anew([each for each in mris if each.participant_id == mri.participant_id and each != mri])
        has_others = any(each.participant_id == to.pk for each in mris)
        days[mri.pk] = None if has_others or mri.days_since_first_mri is None else 0
        super().__init__(
            data,
            mris=mris,
            seen=seen,
            belongs_to=lambda each: to if each == mri else each.participant,
            days=lambda each: days.get(each.pk, each.days_since_first_mri),
        )
        self.initial["other"] = to.code


class RemainingForm(MRIsForm):
    """The MRIs that are left to a participant when one is deleted."""

    def __init__(self, data=None, *, mris: Collection[MRI], seen: str):
        days = _counted_anew(mris)
        super().__init__(data, mris=mris, seen=seen, days=lambda each: days[each.pk])


class MergeForm(MRIsForm):
    """All MRIs of two participants who are one person, and which of their values hold."""

    other = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, kept: Participant, gone: Participant, mris: Collection[MRI], seen: str):
        super().__init__(data, mris=mris, seen=seen, belongs_to=lambda mri: kept)
        self._pair = kept, gone
        self.initial["other"] = gone.code
        self.fields = choices_between(kept, gone) | self.fields

    def choices(self) -> list[forms.BoundField]:
        """List the fields that choose between the values of two."""
        return [self[name] for name in differing(*self._pair)]

    @property
    def chosen(self) -> dict[str, Any]:
        """Give the values that were chosen, as services.participants.merge_participants takes them."""
        pairs = differing(*self._pair)
        return {name: pair[("kept", "gone").index(self.cleaned_data[name])] for name, pair in pairs.items()}


_COLUMNS = ("code", "year", "days")


def _whole(label: str, low: int, high: int, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=low, max_value=high, initial=initial)


def _place(mri: MRI) -> tuple[bool, int, str]:
    return mri.days_since_first_mri is None, mri.days_since_first_mri or 0, mri.code


def _counted_anew(mris: Collection[MRI]) -> dict[UUID, int | None]:
    """Propose days for MRIs of which the first may have gone: counted from the earliest that is left."""
    days = {mri.pk: mri.days_since_first_mri for mri in mris}
    first = min((day for day in days.values() if day is not None), default=0)
    return {pk: None if day is None else day - first for pk, day in days.items()}
