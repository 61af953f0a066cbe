"""Whatever is corrected in whatever order: what was signed stays, `verify` is content, and every change has its reason.

500 sequences with THIGHSITE_FULL=1, else a few.
"""

import os
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.integrity.verify import verify_study
from grading.models import MRI, Grade, Participant, Read, TrailRecord
from grading.services import participants as services
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read, make_study

pytestmark = pytest.mark.django_db

FULL = bool(os.environ.get("THIGHSITE_FULL"))
_number = count(1)


class Cast:
    """Three participants with one to three MRIs and signed, open and no reads; a correction takes any of them."""

    def __init__(self):
        self.study = make_study()
        self.by = make_member(self.study, "coordinator").user
        readers = [make_member(self.study).user for _ in range(2)]
        for code, mris in (("P1", 1), ("P2", 2), ("P3", 3)):
            participant = make_participant(self.study, code=code, sex="female" if code == "P1" else "")
            for place in range(mris):
                mri = make_mri(participant, code=f"M{place}", days_since_first_mri=place)
                if place < 2:
                    make_signed_off_read(mri=mri, reader=readers[place])
                make_read(mri=mri, reader=readers[1 - place % 2], feature="fat", sequence="T1W", scores=[1, 2])

    def act(self, kind: str, first: int, second: int, value: int) -> None:
        """Do one correction of the participants at two places, or refuse it."""
        everybody = list(Participant.objects.filter(study=self.study).order_by("code", "pk"))
        if everybody:
            pair = everybody[first % len(everybody)], everybody[second % len(everybody)]
            getattr(self, f"_{kind}")(*pair, value)

    def _asked(self, *participants, with_reads=False) -> dict:
        return {"reason": f"reason {next(_number)}", "seen": services.seen_of(participants, with_reads=with_reads)}

    def _correct(self, participant, _, value):
        groups = list(self.study.groups.all())
        values = {"code": f"P{value}", "group": groups[value % 2], "sex": ("", "male")[value % 2]}
        services.correct_participant(participant=participant, values=values, **self._asked(participant))

    def _place(self, participant, _, value):
        mris = list(participant.mris.by_days())
        placed = [
            services.PlacedMRI(mri.pk, participant.pk, f"M{(place + value) % 4}", 2020, (place + value) % len(mris))
            for place, mri in enumerate(mris)
        ]
        services.place_mris(participants=[participant], placed=placed, **self._asked(participant))

    def _move(self, participant, other, value):
        mris = [*participant.mris.by_days(), *other.mris.by_days()]
        if participant != other and mris:
            moved = mris[value % len(mris)]
            placed = self._in_order(mris, lambda mri: other if mri == moved else mri.participant, value)
            services.place_mris(participants=[participant, other], placed=placed, **self._asked(participant, other))

    def _merge(self, kept, gone, value):
        mris = [*kept.mris.by_days(), *gone.mris.by_days()]
        chosen = {name: pair[value % 2] for name, pair in services.differing(kept, gone).items()}
        placed = self._in_order(mris, lambda mri: kept, value)
        asked = self._asked(kept, gone)
        services.merge_participants(kept=kept, gone=gone, chosen=chosen, placed=placed, **asked)

    def _in_order(self, mris, whose, value) -> list:
        """Place MRIs one after the other, most of the time as they may be."""
        taken = {}
        placed = []
        for mri in mris:
            own = whose(mri)
            day = taken[own.pk] = taken.get(own.pk, -1) + 1
            placed.append(services.PlacedMRI(mri.pk, own.pk, f"M{day if value % 5 else 0}", None, day))
        return placed

    def _withdraw(self, participant, *_):
        services.withdraw_participant(participant=participant, by=self.by, **self._asked(participant))

    def _take_back(self, participant, *_):
        services.take_withdrawal_back(participant=participant, **self._asked(participant))

    def _delete(self, participant, *_):
        services.delete_participant(participant=participant, **self._asked(participant, with_reads=True))

    def _delete_mri(self, participant, _, value):
        mris = list(participant.mris.by_days())
        if mris:
            gone = mris.pop(value % len(mris))
            remaining = self._in_order(mris, lambda mri: participant, 1)
            services.delete_mri(mri=gone, remaining=remaining, **self._asked(participant, with_reads=True))


KINDS = ("correct", "place", "move", "merge", "withdraw", "take_back", "delete", "delete_mri")
steps = st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 9))


def signed() -> list:
    reads = Read.objects.signed_off().order_by("pk")
    grades = Grade.objects.filter(read__in=reads).order_by("pk")
    return [*reads.values_list("pk", "mri", "signature", "status"), *grades.values_list()]


def everything() -> list:
    return [list(model.objects.order_by("pk").values_list()) for model in (Participant, MRI, Read, Grade)]


@pytest.fixture
def cast(db) -> Cast:
    """For all sequences, each of which is undone."""
    return Cast()


@settings(max_examples=500 if FULL else 20, deadline=None, suppress_health_check=list(HealthCheck))
@given(sequence=st.lists(steps, min_size=1, max_size=8))
def test_no_sequence_of_corrections_changes_what_was_signed(cast, sequence):
    with transaction.atomic():
        connection.check_constraints()
        before, last = signed(), TrailRecord.objects.latest("id").pk
        for step in sequence:
            state = everything()
            try:
                cast.act(*step)
                connection.check_constraints()
            except ValidationError:
                assert everything() == state
            assert signed() == before
        assert verify_study(cast.study).faults == []
        assert not TrailRecord.objects.filter(id__gt=last, reason="").exists()
        transaction.set_rollback(True)
