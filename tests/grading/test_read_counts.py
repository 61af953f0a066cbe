"""The counts of reads that PostgreSQL keeps: right after every kind of change, and nobody waits for them."""

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from grading import reader_cases, services
from grading.csv.imports import import_grades
from grading.models import Member, Read, ReadCount, StudySite
from grading.models.read_count import Block
from grading.progress import progress_by_reader
from grading.reader_tally import Tally
from grading.services.by_hand import hand_over
from grading.services.calibration import assign_calibration, let_in
from grading.services.taking_back import Chosen, take_back_reads
from grading.sheets.refusal import ImportRefused
from grading.worklist import Progress, own_reads
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
    withdraw,
)
from tests.grading.csv.csv_files import as_csv, complete_read, grade
from tests.grading.integrity.worked_study import faults
from tests.grading.integrity.worked_study import grade as grade_as_reader
from tests.ownership import rules_off
from thighsite.acting import acting_for, because
from thighsite.limiting import limiting_to

WALKS = 40 if os.environ.get("THIGHSITE_FULL") else 4
STEPS = 30
STATES = {"": Read.Status.values, "open": ["assigned", "draft"]} | {one: [one] for one in Read.Status.values}


def kept(study) -> Counter:
    """What the database keeps: by reader, block and state."""
    sums = ReadCount.objects.filter(study=study).values_list("reader", "block", "status").annotate(Sum("number"))
    return Counter({(reader, Block(block), status): number for reader, block, status, number in sums if number})


def counted(study) -> Counter:
    """The same, counted one by one."""
    return Counter((read.reader_id, Block.of(read), read.status) for read in Read.objects.filter(study=study))


def progress_one_by_one(study, reader) -> tuple[Progress, list[Read]]:
    """How far a reader has come, and the cases that have come up, from each read by itself."""
    now = timezone.now()
    every = list(own_reads(study.pk, reader))
    up = list(own_reads(study.pk, reader).available(now).in_reading_order())
    to_come = [read for read in every if read not in up]
    waits = [read for read in every if read.occasion > 1 and (not read.is_signed_off or read in to_come)]
    times = [read.available_at for read in every if read.available_at and read.available_at > now]
    signed_off = sum(read.is_signed_off for read in up)
    return Progress(len(up), signed_off, len(to_come), min(times, default=None), bool(waits)), up


class Walk:
    """Somebody who does one thing after another in a study, each drawn."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)
        self.study = make_study()
        self.ann, self.bob = (make_member(self.study, user=make_user(name)).user for name in ("ann", "bob"))
        self.carl = make_member(self.study, "coordinator").user
        self.add_participants()
        make_calibration_case(self.study, grades={"edema": [1] * 11})

    def any_read(self, **chosen) -> Read:
        """One of the study's reads, or a new one."""
        found = list(Read.objects.filter(study=self.study, **chosen).order_by("code"))
        return self.draw.choice(found) if found else make_read(study=self.study, reader=self.ann)

    def any_reader(self):
        return self.draw.choice([self.ann, self.bob])

    def add_participants(self):
        for _ in range(3):
            make_mri(make_participant(self.study))

    def assign(self):
        self.add_participants()
        services.assign_reads(study=self.study, readers=[self.any_reader()], seed=self.draw.random())

    def assign_for_calibration(self):
        assign_calibration(study=self.study)

    def ask_to_calibrate(self):
        self.study.calibration_cases = None if self.study.calibration_cases else 1
        self.study.save()

    def let_in(self):
        let_in(member=Member.objects.get(study=self.study, user=self.any_reader()), by=self.carl, reason="Experienced.")

    def draw_rereads(self):
        type(self.study).objects.filter(pk=self.study.pk).update(wash_out_days=self.draw.choice([0, 28]))
        self.study.refresh_from_db()
        services.assign_rereads(study=self.study, readers=[self.any_reader()], share=0.5, seed=1)

    def grade(self):
        grade_as_reader(self.any_read(status="assigned"))

    def sign_off(self):
        services.sign_off(self.any_read(status="draft"))

    def take_sign_off_back(self):
        read = self.any_read(status="signed_off")
        with acting_for(read.reader_id):
            services.take_sign_off_back(read)

    def reopen(self):
        services.reopen(read=self.any_read(status="signed_off"), by=self.carl, reason="Wrong thigh.")

    def hand_over(self):
        giver, taker = self.draw.sample([self.ann, self.bob], 2)
        hand_over(study=self.study, giver=giver, taker=taker, reason="On leave.")

    def take_back(self):
        take_back_reads(study=self.study, chosen=Chosen(reader=self.any_reader().pk), reason="Too many.")

    def bring_in(self):
        participant = make_participant(self.study)
        about = {
            "participant": participant.code,
            "mri": make_mri(participant).code,
            "reader": self.any_reader().username,
        }
        row = self.draw.choice([complete_read(**about), [grade(**about)], complete_read(**about, position="2500")])
        import_grades(study=self.study, file=as_csv(row))

    def take_what_was_brought_in_back(self):
        imported = self.any_read(handed_out=False)
        take_back_reads(study=self.study, chosen=Chosen(read=imported.pk), reason="Another's.")

    def withdraw(self):
        withdraw(self.any_read().mri.participant)

    def give_another_place(self):
        Read.objects.filter(pk=self.any_read().pk).update(position=self.draw.choice([None, *range(1, 3002, 1000)]))

    def give_all_places_anew(self):
        reads = list(Read.objects.filter(study=self.study).order_by("code"))
        for place, read in enumerate(reads, start=1):
            read.position = 700 * place
        Read.objects.bulk_update(reads, ["position"])

    def delete_as_the_owner(self):
        with connection.cursor() as cursor, because("A test."):
            cursor.execute("DELETE FROM grading_read WHERE id = %s", [self.any_read(status="assigned").pk])

    def undo(self):
        with transaction.atomic():
            make_read(study=self.study, reader=self.any_reader())
            raise ValidationError("as if something had gone wrong")


ACTS = [name for name in vars(Walk) if not name.startswith(("_", "any_"))]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(WALKS))
def test_counts_are_those_of_the_reads_after_whatever_is_done(seed):
    walk = Walk(seed)
    for act in walk.draw.choices(ACTS, k=STEPS):
        try:
            with transaction.atomic():
                getattr(walk, act)()
                connection.check_constraints()  # places are looked at last
        except (ValidationError, IntegrityError, ImportRefused):
            pass  # what is not allowed now changes nothing
        assert kept(walk.study) == counted(walk.study), act

    for reader in (walk.ann, walk.bob):
        looked_at, up = progress_one_by_one(walk.study, reader)
        assert Progress.of(Tally.of(walk.study, reader)) == looked_at
        assert [Progress.at(read).number for read in up] == list(range(1, len(up) + 1))
    assert progress_of(walk.study) == compared(walk.study)


def progress_of(study) -> Counter:
    """What the page of progress says, by reader and state."""
    readers = progress_by_reader(study)
    numbers = {(each.member.user_id, state): getattr(each, state) for each in readers for state in Read.Status.values}
    return +Counter(numbers)


def compared(study) -> Counter:
    return Counter(Read.objects.filter(study=study).for_comparison().values_list("reader", "status"))


@pytest.fixture
def spread(study, reader):
    """Cases of a reader in three blocks of their order, and without a place; one has withdrawn."""
    places = [1, 2, 3, 1000, 1001, 1002, 2500, None, None, None]
    reads = [make_read(study=study, reader=reader, position=place) for place in places]
    for read in reads[2:5]:
        grade_as_reader(read)
        services.sign_off(read)
    grade_as_reader(reads[-1], muscles=["VL"])
    withdraw(reads[1].mri.participant)
    return study


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_list_in_pages_has_each_case_once_in_the_readers_order(client, spread, reader, monkeypatch, state):
    monkeypatch.setattr(reader_cases, "PER_PAGE", 2)
    client.force_login(reader)
    _, up = progress_one_by_one(spread, reader)
    wanted = [read.pk for read in up if read.status in STATES[state]]

    pages = [
        client.get(reverse("worklist", args=[spread.pk]), {"state": state, "page": number}) for number in range(1, 6)
    ]

    shown = [page.context["worklist"] for page in pages]
    of_each = shown[0].pages
    assert [case.pk for listed in shown[:of_each] for case in listed.cases] == wanted
    assert {listed.number for listed in shown[of_each:]} <= {of_each}
    assert of_each == max(1, -(-len(wanted) // 2))


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_anothers_count():
    """Two transactions change the reads of two readers in opposite order, both before either ends."""
    study = make_study()
    readers = [make_member(study).user for _ in range(2)]
    reads = [[make_read(study=study, reader=reader) for _ in range(2)] for reader in readers]
    both = Barrier(2, timeout=60)

    def begin(order):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                for reader in order:
                    own = reads[reader][order[0]]
                    Read.objects.filter(pk=own.pk).update(status="draft")
                    both.wait()  # each holds what it changed of the one reader, and goes on to the other
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(begin, order) for order in ((0, 1), (1, 0))]:
            done.result()

    assert kept(study) == counted(study)
    assert {number for (_, _, status), number in kept(study).items()} == {2}


@pytest.mark.django_db(transaction=True)
def test_transaction_of_another_isolation_adds_its_part():
    """What was changed since it began would be an error to it, were it to take that part."""
    read = make_read()
    make_read(study=read.study, reader=read.reader)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        Read.objects.get(pk=read.pk)  # sees the database as it is now

        def elsewhere():
            make_read(study=read.study, reader=read.reader)
            connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(elsewhere).result()
        Read.objects.filter(pk=read.pk).update(status="draft")

    assert kept(read.study) == counted(read.study)


@pytest.mark.django_db
def test_parts_grow_no_more_than_people_write_at_once(study, reader):
    for _ in range(20):
        services.take_sign_off_back(make_signed_off_read(study=study, reader=reader))

    assert ReadCount.objects.filter(study=study).count() <= len(Read.Status.values)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change", ["UPDATE grading_readcount SET number = number + 1", "DELETE FROM grading_readcount"]
)
def test_wrong_count_is_found_and_counted_anew(change):
    study = make_study()
    make_signed_off_read(study=study, reader=make_member(study, user=make_user("ann")).user)
    assert faults(study) == ""
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(change.format(ReadCount._meta.db_table))

    assert "ann: the counts that the database keeps are not those of the reads. Run: manage.py migrate" in faults(study)
    call_command("migrate", verbosity=0)
    assert faults(study) == ""
    assert kept(study) == counted(study)


@pytest.mark.django_db
def test_coordinator_of_one_study_site_is_shown_no_count_and_the_progress_of_their_own(study):
    site = StudySite.objects.create(study=study, code="BER", name="Berlin")
    limited = make_member(study, "coordinator")
    Member.objects.filter(pk=limited.pk).update(site=site)
    ann = make_member(study, user=make_user("ann")).user
    make_read(study=study, reader=ann, mri=make_mri(make_participant(study, site=site)))
    make_signed_off_read(study=study, reader=ann)

    with limiting_to(limited.pk):
        assert not ReadCount.objects.exists()
        assert progress_of(study) == {(ann.pk, "assigned"): 1}
    assert progress_of(study) == {(ann.pk, "assigned"): 1, (ann.pk, "signed_off"): 1}


@pytest.mark.django_db
def test_cases_for_calibration_alone_have_come_up_until_a_reader_is_let_in(study, reader):
    study.calibration_cases = 1
    study.save()
    make_calibration_case(study, grades={"edema": [1] * 11})
    assign_calibration(study=study)
    for _ in range(2):
        make_read(study=study, reader=reader, position=Read.objects.count() + 1)
    before, _ = progress_one_by_one(study, reader)
    let_in(member=Member.objects.get(user=reader), by=make_member(study, "coordinator").user, reason="Experienced.")

    assert (before.total, before.later) == (1, 2)
    after = Progress.of(Tally.of(study, reader))
    assert (after.total, after.later) == (3, 0)


@pytest.mark.django_db
def test_who_was_suspended_just_now_has_no_case(study, reader):
    read = make_read(study=study, reader=reader)
    with because("on leave"):
        Member.objects.filter(user=reader).update(suspended_at=timezone.now())

    with pytest.raises(Read.DoesNotExist):
        Progress.at(read)
