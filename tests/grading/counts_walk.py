"""A walk through all that can be done to the reads of a study, each act drawn."""

import random

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from grading import services
from grading.csv.imports import import_grades
from grading.models import Member, Read
from grading.services.by_hand import hand_over
from grading.services.calibration import assign_calibration, let_in
from grading.services.taking_back import Chosen, take_back_reads
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_study,
    make_user,
    withdraw,
)
from tests.grading.csv.csv_files import as_csv, complete_read, grade
from tests.grading.integrity.worked_study import grade as grade_as_reader
from thighsite.acting import acting_for, because


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
        """A case that its reader can enter something into, where there is one."""
        cases = Read.objects.filter(study=self.study, status="assigned").taking_part().available(timezone.now())
        if found := list(cases.order_by("code")):
            grade_as_reader(self.draw.choice(found))

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
