"""An imported read that names the wrong reader, MRI or feature is taken back in the browser; readers' own stay."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.csv.imports import import_grades
from grading.models import Grade, Read, TrailRecord
from grading.services.taking_back import Chosen, take_back_reads
from tests.builders import make_member, make_signed_off_read, make_unblinded, make_user, withdraw
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.grading.integrity.worked_study import faults, verified
from thighsite.acting import because

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    """P1 and P2 with a read of anna's each, which one file brought in."""
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv([*complete_read(), *complete_read(participant="P2", comment="Old.")]))
    return study


@pytest.fixture
def me(client, study):
    carl = make_unblinded(make_member(study, "coordinator", make_user("carl"))).user
    client.force_login(carl)
    return carl


@pytest.fixture
def path(study):
    return reverse("take-back-reads", args=[study.slug])


def read_of(code) -> Read:
    return Read.objects.get(mri__participant__code=code)


def test_one_imported_read_is_taken_back_from_the_list_of_reads(client, study, me, path):
    wrong = read_of("P1")
    chosen = {"read": str(wrong.pk)}
    assert f"{path}?read={wrong.pk}" in client.get(reverse("reads", args=[study.slug])).content.decode()

    outlook = client.post(path, chosen | {"reason": "P1 was never anna's."}).content.decode()
    assert "leaves the comparison" in outlook
    assert study.reads.count() == 2
    done = {"reason": "P1 was never anna's.", "confirm": "1", "confirmed": "yes"}
    answer = client.post(path, chosen | done, follow=True)

    assert "1 read taken back." in answer.content.decode()
    assert list(study.reads.all()) == [read_of("P2")]
    assert Grade.objects.filter(read=wrong.pk).count() == 0
    grades, read = (
        TrailRecord.objects.get(table=table, operation="delete", read=wrong.pk)
        for table in ("grading_grade", "grading_read")
    )
    assert (grades.before["VL"], grades.reason, read.reason, read.actor) == (1, read.reason, "P1 was never anna's.", me)


@pytest.mark.usefixtures("me")
def test_all_reads_of_one_file_are_taken_back_and_no_others(client, study, path):
    first = read_of("P1").imported_at
    import_grades(study=study, file=as_csv(complete_read(feature="fat", sequence="T1W")))
    later = Read.objects.get(feature="fat")
    chosen = {"brought_in": first.isoformat()}

    page = client.get(path, chosen).content.decode()
    client.post(path, chosen | {"confirm": "2", "confirmed": "yes", "reason": "The wrong file."})

    assert "(2 reads)" in page
    assert list(study.reads.all()) == [later]


@pytest.mark.usefixtures("me")
def test_a_reader_without_reads_left_can_have_another_role(client, study, path):
    import_grades(study=study, file=as_csv([grade(participant="P2", feature="fat", sequence="T1W")]))
    for read in study.reads.all():
        client.post(path, {"read": read.pk, "confirm": "1", "confirmed": "yes", "reason": "A slip."})

    member = study.members.get(user__username="anna")
    form = {"role": "investigator", "confirmed": "yes"}
    client.post(reverse("change-role", args=[study.slug, member.pk]), form)

    member.refresh_from_db()
    assert member.role == "investigator"


def test_verify_stays_clean_and_tells_what_was_taken_back(study):
    take_back_reads(study=study, chosen=Chosen(read=read_of("P1").pk), reason="The wrong reader.")

    assert faults(study) == ""
    said = verified(study)
    assert "taken back: P1, M1, anna, edema: brought in by a file, taken back on " in said
    assert "because “The wrong reader.”" in said
    assert "All 1 signatures" in said


@pytest.mark.usefixtures("me")
def test_imported_reads_stay_where_neither_they_nor_their_file_is_named(client, study, path):
    anna = study.members.get(user__username="anna").user

    client.post(path, {"reader": anna.pk, "confirm": "2", "confirmed": "yes", "reason": "They leave."})

    assert study.reads.count() == 2


IN_HAND = {
    "signed off here": lambda study: make_signed_off_read(study=study, reader=study.members.get(role="reader").user),
    "reopened": lambda study: services.reopen(read=read_of("P1"), by=make_user(), reason="Wrong scan."),
    "of who has withdrawn": lambda study: withdraw(study.participants.get(code="P1")) or read_of("P1"),
}


@pytest.mark.parametrize("name", IN_HAND)
def test_what_a_reader_has_in_hand_and_who_has_withdrawn_stay(study, name):
    read = IN_HAND[name](study)

    with pytest.raises(ValidationError, match="can be taken back"):
        take_back_reads(study=study, chosen=Chosen(read=read.pk), reason="A slip.")

    assert Read.objects.filter(pk=read.pk).exists()


def test_locked_study_keeps_its_imported_reads(study, me):
    study.locked_at, study.locked_by = timezone.now(), me
    study.save()

    with pytest.raises(ValidationError, match="entry has ended"):
        take_back_reads(study=study, chosen=Chosen(read=read_of("P1").pk), reason="A slip.")


# What the database says ---------------------------------------------------------------------------------------------


OPEN = {"status": "draft", "signed_off_at": None, "signed_off_by": None, "sign_off_meaning": ""}


@transaction.atomic
def delete_opened(reads):
    reads.update(**OPEN)
    reads.delete()


@transaction.atomic
def delete_grades_alone(reads):
    with because("A slip."):
        reads.update(**OPEN)
        Grade.objects.filter(read__in=reads).delete()


def test_database_deletes_an_imported_read_with_a_reason_alone_and_never_as_it_is_signed(study):
    read = Read.objects.filter(pk=read_of("P1").pk)

    with pytest.raises(IntegrityError, match="signed off"), transaction.atomic(), because("A slip."):
        read._raw_delete("default")
    with pytest.raises(IntegrityError, match="with a reason"):
        delete_opened(read)
    assert read.exists()


@pytest.mark.django_db(transaction=True)
def test_database_lets_no_imported_read_stay_open(study):
    read = Read.objects.filter(pk=read_of("P1").pk)

    with pytest.raises(IntegrityError, match="deleted at once"):
        delete_grades_alone(read)

    assert read.get().is_signed_off


# The list of reads ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("me")
def test_list_of_reads_says_who_brought_a_read_in_who_graded_it_and_what_was_corrected_since(client, study):
    with because("Typing slip."):
        study.participants.filter(code="P1").update(code="P7")

    page = client.get(reverse("reads", args=[study.slug])).content.decode()

    assert "Brought in from a file by a command on " in page
    assert "graded before by anna." in page
    assert page.count(">imported</span>") == 2
    assert "corrected since: code" in page
