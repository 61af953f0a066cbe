"""A study may ask for some of its readers per MRI: drawn, even, the same for the same seed, and nothing moves later."""

import os
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading import services
from grading.csv.imports import import_grades
from grading.models import Participant, Read, ReaderDraw, Study, TrailRecord
from grading.sheets.refusal import ImportRefused
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.assigning import confirmed, shown
from tests.grading.csv.csv_files import as_csv, complete_read
from thighsite.acting import because

pytestmark = pytest.mark.django_db

FULL = bool(os.environ.get("THIGHSITE_FULL"))


def drawing_study(number: int | None = 2, readers: int = 3, mris: int = 0) -> Study:
    study = make_study()
    Study.objects.filter(pk=study.pk).update(readers_per_mri=number)
    study.refresh_from_db()
    for _ in range(readers):
        make_member(study)
    for _ in range(mris):
        make_mri(make_participant(study))
    return study


def coordinating(study: Study) -> Client:
    client = Client()
    client.force_login(make_member(study, "coordinator").user)
    return client


def readers_of(study: Study) -> list:
    return [member.user for member in study.members.filter(role="reader").order_by("user__username")]


def asked(study: Study, **more) -> dict:
    return {"readers": [reader.pk for reader in readers_of(study)], "feature": "edema"} | more


def assign(client: Client, study: Study, **more) -> str:
    """Look at the load and confirm it; what was looked at."""
    path, form = reverse("assign-reads", args=[study.slug]), asked(study, **more)
    page = shown(client, path, form)
    if counts := re.search(r'name="confirm" value="([^"]*)"', page):
        seed = re.search(r'name="seed" value="(\d+)"', page)
        answer = client.post(path, form | {"confirm": counts[1], "seed": seed[1]})
        assert answer.status_code == 302, answer.content.decode()
    return page


def stored(study: Study) -> set[tuple]:
    columns = ("mri__participant__code", "mri__code", "reader__username", "position")
    return set(Read.objects.filter(study=study).values_list(*columns))


def loads(study: Study, *, only: dict | None = None) -> list[int]:
    reads = Read.objects.filter(study=study, **(only or {}))
    return [reads.filter(reader=reader).count() for reader in readers_of(study)]


def drawn_with_other_groups(client: Client, study: Study, seed: int) -> set[tuple]:
    """What would be drawn if everybody were in the other group, of the other sex and older. Nothing of it stays."""
    with transaction.atomic():
        imnm, dm = study.groups.order_by("-code")
        with because("to see"):
            for participant in Participant.objects.filter(study=study):
                other = {"group": dm if participant.group_id == imnm.pk else imnm, "sex": "male", "age_years": 80}
                Participant.objects.filter(pk=participant.pk).update(**other)
        assign(client, study, seed=seed)
        drawn = stored(study)
        transaction.set_rollback(True)
    return drawn


BATCHES = st.lists(
    st.tuples(st.lists(st.integers(1, 3), max_size=4), st.booleans(), st.integers(0, 2**31 - 1)), min_size=1, max_size=3
)


@settings(max_examples=150 if FULL else 5, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(1, 4), readers=st.integers(1, 5), batches=BATCHES)
def test_draws_are_even_the_same_for_the_same_seed_and_move_nothing(number, readers, batches):
    """Each batch brings participants with so many MRIs, perhaps a further reader, and a seed."""
    with transaction.atomic():
        study = drawing_study(number, readers)
        client, has_newcomers = coordinating(study), False
        for place, (mris, newcomer, seed) in enumerate(batches):
            if newcomer and place:
                make_member(study)
                has_newcomers = True
            for index, several in enumerate(mris):
                participant = make_participant(study, group=("IMNM", "DM")[index % 2])
                for _ in range(several):
                    make_mri(participant)
            before, other = stored(study), drawn_with_other_groups(client, study, seed)
            page = assign(client, study, seed=seed)

            after = stored(study)
            assert before <= after == other
            given_to = Counter(study.reads.values_list("mri", flat=True))
            wanted = min(number, len(readers_of(study)))
            assert {given_to[mri.pk] for mri in study.mris.all()} <= {wanted}
            assert [int(load) for load in re.findall(r"would have (\d+) in all", page)] == loads(study)
            if not has_newcomers:
                for only in ({}, {"mri__days_since_first_mri": 0}, {"mri__days_since_first_mri__gt": 0}):
                    assert max(loads(study, only=only)) - min(loads(study, only=only)) <= 1
        transaction.set_rollback(True)


def test_a_draw_is_recorded_with_its_seed_and_who_drew_and_the_load_is_shown_before():
    study = drawing_study(2, readers=3, mris=6)
    client = coordinating(study)
    coordinator = study.members.get(role="coordinator").user
    path = reverse("assign-reads", args=[study.slug])

    page = shown(client, path, asked(study))
    seed = int(re.search(r"drawn by the seed (\d+)", page)[1])
    assert not study.reads.exists()
    assert not ReaderDraw.objects.exists()
    confirmed(client, path, asked(study, seed=seed))

    draw = ReaderDraw.objects.get(study=study)
    assert (draw.seed, draw.drawn_by, draw.feature, draw.readers_per_mri) == (seed, coordinator, "edema", 2)
    assert set(study.reads.values_list("assigned_at", flat=True)) == {draw.drawn_at}
    record = TrailRecord.objects.of_study(study).get(table="grading_readerdraw")
    assert (record.actor_id, record.after["seed"]) == (coordinator.pk, seed)
    assert "readers drawn" in client.get(reverse("trail", args=[study.slug])).content.decode()


def test_a_later_reader_fills_what_lacks_and_a_command_draws_by_the_same_rule():
    study = drawing_study(2, readers=1, mris=4)
    client = coordinating(study)
    assert "4 MRIs would still have fewer" in assign(client, study)
    before = stored(study)
    make_member(study, user=make_user("zoe"))

    said = StringIO()
    call_command("assign_reads", study=study.slug, seed=7, stdout=said)

    assert before < stored(study)
    assert loads(study) == [4, 4]
    assert "zoe: 4 new reads for edema." in said.getvalue()
    assert "Drawn by the seed 7; 0 MRIs still lack a reader." in said.getvalue()


def test_nothing_gives_an_mri_more_readers_than_the_study_asks_for():
    """Not by hand, not by a file: the database refuses it; calibration and re-reads are not of these reads."""
    study = drawing_study(1, readers=2)
    mri = make_mri(make_participant(study, code="P1"), code="M1")
    first, second = readers_of(study)
    make_signed_off_read(mri=mri, reader=first, assigned_for="edema")
    client = coordinating(study)
    by_hand = {"participant": "P1", "mri": "", "feature": "edema", "reader": second.pk}

    answer = client.post(reverse("assign-one", args=[study.slug]), by_hand)
    assert answer.status_code == 422
    assert "has its 1 reader for edema" in answer.content.decode()
    with pytest.raises(ImportRefused, match="MRI M1 of participant P1 would have more readers for edema"):
        import_grades(study=study, file=as_csv(complete_read(reader=second.username)))
    assert loads(study) == [1, 0]

    services.assign_rereads(study=study, readers=[first], share=1)
    make_calibration_case(study, grades={"edema": [1] * 11})
    client.post(reverse("assign-calibration", args=[study.slug]))
    assert client.post(reverse("assign-one", args=[study.slug]), by_hand | {"feature": "fat"}).status_code == 302
    assert loads(study) == [3, 2]


def test_how_many_readers_stays_once_there_are_reads_of_the_studys_own():
    study = drawing_study(None)
    client, path = coordinating(study), reverse("study-settings", args=[study.slug])
    assert client.post(path, {"readers_per_mri": "2"}).status_code == 302
    make_read(study=study)

    answer = client.post(path, {"readers_per_mri": "3"})

    assert answer.status_code == 422
    assert "There are reads: it stays as it is." in answer.content.decode()
    assert Study.objects.get(pk=study.pk).readers_per_mri == 2


@pytest.mark.parametrize("number", [None, 1])
def test_what_is_not_begun_is_handed_over_and_drafts_stay(number):
    study = drawing_study(number, readers=1, mris=4)
    client, (leaver,) = coordinating(study), readers_of(study)
    services.assign_reads(study=study, readers=[leaver])
    draft, opened, *waiting = study.reads.order_by("position")
    services.open_read(opened)
    make_signed_off_read(study=study, reader=leaver, assigned_for="edema")
    services.open_read(draft)
    other = make_member(study).user
    path, form = reverse("hand-over", args=[study.slug]), {"giver": leaver.pk, "taker": other.pk, "reason": "on leave"}

    page = shown(client, path, form)
    answer = client.post(path, form | {"confirm": "7"})
    assert answer.status_code == 409
    assert "2 reads from" in page
    assert "2 reads stay: begun." in page
    assert study.reads.filter(reader=other).count() == 0
    confirmed(client, path, form)

    assert {read.mri_id for read in study.reads.filter(reader=other)} == {read.mri_id for read in waiting}
    assert set(study.reads.filter(reader=leaver).open().values_list("pk", flat=True)) == {draft.pk, opened.pk}
    gone = TrailRecord.objects.of_study(study).filter(table="grading_read", operation="delete")
    assert [record.reason for record in gone] == ["on leave"] * 2
    in_place = asked(study, readers=[other.pk], in_place_of=leaver.pk)  # the drafts, which stay with who began them
    confirmed(client, reverse("assign-reads", args=[study.slug]), in_place)
    assert study.reads.filter(reader=other).count() == 4
    kept = ReaderDraw.objects.filter(study=study, in_place_of=leaver, graded_for_fat=False).count()
    assert kept == (0 if number is None else 1)


def test_two_readers_of_an_mri_are_replaced_one_after_the_other_and_each_once():
    study = drawing_study(2, readers=2, mris=1)
    client, (first, second) = coordinating(study), readers_of(study)
    assign(client, study)
    third, fourth, fifth = (make_member(study).user for _ in range(3))

    def replace(gone, by) -> int:
        for read in study.reads.filter(opened_at=None):
            services.open_read(read)
        assign(client, study, readers=[by.pk], in_place_of=gone.pk)
        return study.reads.filter(reader=by).count()

    assert (replace(first, third), replace(first, fourth)) == (1, 0)
    with because("left"):
        study.members.filter(user=first).update(suspended_at=timezone.now())
    assert (replace(second, fourth), replace(second, fifth), replace(first, fifth)) == (1, 0, 0)


def test_what_a_file_left_open_is_in_nobodys_hand_and_counts():
    study = drawing_study(1, readers=2, mris=1)
    client, (first, second) = coordinating(study), readers_of(study)
    make_read(mri=study.mris.get(), reader=first, status="draft", handed_out=False, imported_at=timezone.now())

    page = shown(
        client, reverse("assign-reads", args=[study.slug]), asked(study, readers=[second.pk], in_place_of=first.pk)
    )

    assert "0 edema reads" in page


def test_mris_of_who_was_graded_for_fat_are_chosen_and_readers_see_nothing_of_it():
    study = drawing_study(None, readers=2, mris=2)
    graded = study.mris.first()
    first, second = readers_of(study)
    make_signed_off_read(mri=graded, reader=first, feature="fat", sequence="T1W")
    client = coordinating(study)
    form = asked(study, readers=[second.pk], feature="fat", graded_for_fat="on")

    confirmed(client, reverse("assign-reads", args=[study.slug]), form)

    (read,) = study.reads.filter(reader=second)
    assert (read.mri, read.feature, read.assigned_for) == (graded, "fat", "fat")
