"""Who has withdrawn is out of frames, worklists and reach; what was read of them is kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from analysis.study_data.frame import clinical_values, progress, stored_frame
from analysis.study_data.options import question_options
from grading import services
from grading.models import Read
from grading.progress import progress_by_reader
from tests.builders import (
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    withdraw,
)
from tests.grading.test_saving import while_locked

pytestmark = pytest.mark.django_db

GRADE = {"muscle": "VL", "side": "both", "score": 3}


@pytest.fixture
def read(study, reader):
    return make_read(study=study, reader=reader, scores=[1])


@pytest.fixture
def as_reader(client, reader):
    client.force_login(reader)
    return client


@pytest.mark.parametrize("name", ["read", "describe-read", "sign-off", "save-grade"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_open_case_that_vanished_is_told_of_in_a_sentence_that_names_nobody(as_reader, read, name, accept):
    as_reader.get(reverse("read", args=[read.pk]))
    withdraw(read.mri.participant)

    response = as_reader.post(
        reverse(name, args=[read.pk]), GRADE, content_type="application/json", headers={"accept": accept}
    )

    shown = response.content.decode()
    assert response.status_code == 404
    assert "was taken out of the study" in shown
    assert accept == "text/html" or response.json()["gone"]  # the browser keeps nothing for it
    for secret in (read.mri.code, read.mri.participant.code, "IMNM", "withdr", "consent", read.study.slug):
        assert secret not in shown
    assert list(read.grades.values_list("muscle", "score")) == [("VL", 1)]


def test_page_of_the_case_leads_back_to_the_others(as_reader, read):
    withdraw(read.mri.participant)

    response = as_reader.get(reverse("read", args=[read.pk]))

    assert response.status_code == 404
    assert f"Case {read.code}: no longer to be graded" in response.content.decode()
    assert reverse("worklist", args=[read.study_id]) in response.content.decode()


@pytest.mark.parametrize("who", ["stranger to the read", "reader of a re-read that is to come"])
def test_nobody_else_learns_that_there_was_a_case(client, study, read, who):
    withdraw(read.mri.participant)
    user = make_member(study).user
    if who.startswith("reader"):
        user = read.reader
        Read.objects.filter(pk=read.pk).update(available_at=timezone.now() + timedelta(days=1))
    client.force_login(user)

    for method in ("get", "post"):
        response = getattr(client, method)(reverse("read", args=[read.pk]))
        assert response.status_code == 404
        assert "taken out" not in response.content.decode()


def test_worklist_and_counts_are_without_the_case(as_reader, read):
    make_read(study=read.study, reader=read.reader)
    withdraw(read.mri.participant)

    page = as_reader.get(reverse("worklist", args=[read.study_id])).content.decode()

    assert "0 of 1 <" in page
    assert str(read.pk) not in page
    assert progress_by_reader(read.study)[0].total == 1
    assert read.study.members.with_open_reads().get(user=read.reader).open_reads == 1
    assert progress(read.study).reads == 1


def test_services_refuse_what_was_on_its_way_in_words(read, coordinator):
    signed = make_signed_off_read(mri=read.mri)
    complete = make_read(mri=read.mri, scores=[1] * 11)
    withdraw(read.mri.participant)

    for act in (
        lambda: services.sign_off(complete),
        lambda: services.describe_read(read=read, comment="late"),
        lambda: services.reopen(read=signed, by=coordinator, reason="a slip"),
    ):
        with pytest.raises(ValidationError, match=r"taken out of the study|The participant has withdrawn"):
            act()
    assert services.open_read(read).status == "assigned"


def test_nobody_is_given_what_has_been_withdrawn(read):
    signed = make_signed_off_read(study=read.study, reader=read.reader)
    withdraw(read.mri.participant)
    withdraw(signed.mri.participant)
    other = make_member(read.study).user

    assert services.assign_reads(study=read.study, readers=[other]) == []
    assert services.assign_rereads(study=read.study, readers=[read.reader], share=1) == []


def test_frame_subgroups_and_progress_are_without_who_has_withdrawn(study):
    gone = make_participant(study, sex="male", autoantibody="SRP")
    make_signed_off_read(mri=make_mri(gone))
    stays = make_participant(study, sex="female", code="STAYS")
    make_signed_off_read(mri=make_mri(stays))
    withdraw(gone)

    assert set(stored_frame(study)["participant"]) == {"STAYS"}
    assert list(clinical_values(study, ["sex"])["participant"]) == ["STAYS"]
    options = question_options(study)
    assert (options.sexes, options.autoantibodies, len(options.readers)) == (("female",), (), 1)
    seen = progress(study)
    assert (seen.participants, seen.reads, seen.participants_signed_off, seen.reads_signed_off) == (1, 1, 1, 1)


def test_inclusion_counts_them(client, study, investigator):
    gone, _ = (make_signed_off_read(study=study, mri=make_mri(make_participant(study, code=code))) for code in "AB")
    withdraw(gone.mri.participant)
    client.force_login(investigator)

    page = client.get(reverse("comparison", args=[study.slug])).content.decode()

    assert "1 participant has withdrawn." in page
    assert "1 read is of participants who have withdrawn." in page
    assert "1 of 2 participants and 1 of 2 reads are in this comparison." in page


# At the same moment


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waits", ["save", "sign-off", "opening"])
def test_what_waited_for_a_withdrawal_finds_it(waits):
    read = make_read(scores=[1] * 11 if waits == "sign-off" else [])
    acts = {
        "save": lambda: enter_grade(read, **GRADE),
        "sign-off": lambda: services.sign_off(read),
        "opening": lambda: services.open_read(read),
    }

    def withdraw_meanwhile():
        withdraw(read.mri.participant)

    refused = {"save": Read.DoesNotExist, "sign-off": ValidationError, "opening": None}[waits]
    if refused:
        with pytest.raises(refused):
            while_locked(read, withdraw_meanwhile, acts[waits])
    else:
        while_locked(read, withdraw_meanwhile, acts[waits])

    assert Read.objects.get().status == "assigned"
    assert read.grades.count() == (11 if waits == "sign-off" else 0)
    assert not read.entries.exists()


@pytest.mark.django_db(transaction=True)
def test_withdrawal_waits_for_what_is_on_its_way():
    read = make_read()

    while_locked(read, lambda: enter_grade(read, **GRADE), lambda: withdraw(read.mri.participant))

    assert read.grades.count() == 1
    assert read.mri.participant.__class__.objects.get().is_withdrawn
