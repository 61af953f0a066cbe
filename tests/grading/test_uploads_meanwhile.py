"""A file that two windows have in hand, or whose job came to nothing: what is stored of it stays true."""

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.csv.imports import Reading
from grading.models import Upload
from grading.uploads.jobs import start_import
from grading.uploads.keeping import give_up, import_upload, look_at, say_of
from tests.builders import make_member, make_study, make_unblinded, make_upload
from tests.uploads import address
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform

pytestmark = pytest.mark.django_db
UNKNOWN = b"Pat,group,mri\nP3,DM,M1\n"


@pytest.fixture
def study():
    return make_study()


@pytest.fixture
def carl(study):
    return make_unblinded(make_member(study, "coordinator")).user


@pytest.fixture
def client(client, carl):
    client.force_login(carl)
    return client


@pytest.fixture
def every_file_is_long(settings):
    settings.IMPORT_AT_ONCE_BYTES = 0


def in_another_window(upload: Upload) -> Upload:
    return Upload.objects.get(pk=upload.pk)


@pytest.mark.parametrize(
    "do", [look_at, lambda upload: say_of(upload, reading=Reading(), reason="", accepted=""), give_up]
)
def test_file_that_was_imported_meanwhile_stays_imported(study, carl, do):
    upload = make_upload(study, carl)
    same = in_another_window(upload)
    import_upload(upload, upload.outlook["fingerprint"], by=carl)

    do(same)

    assert in_another_window(upload).outlook["state"] == "imported"


def test_look_at_a_file_that_was_given_up_meanwhile_keeps_nothing(study, carl):
    upload = make_upload(study, carl)
    same = in_another_window(upload)
    give_up(upload)

    look_at(same)

    assert not Upload.objects.exists()


def stopped_look(client, study, carl, **said) -> Upload:
    """Say something of a file, and stop the job that looks at it with that."""
    upload = make_upload(study, carl, UNKNOWN)
    client.post(address(upload, "look-at-upload"), {"column-0": "participant", "column-1": "group", "column-2": "mri"})
    client.post(reverse("stop-job", args=[Job.objects.get().pk]))
    return upload


@pytest.mark.usefixtures("every_file_is_long")
def test_what_was_said_of_a_file_holds_after_its_job_was_stopped(client, study, carl):
    upload = stopped_look(client, study, carl)
    page = client.get(address(upload)).content.decode()

    client.post(address(upload, "look-at-upload"))

    assert "It was stopped. Nothing was changed." in page
    assert "Look again" in page
    assert in_another_window(upload).reading["columns"] == {"Pat": "participant"}
    assert Job.objects.filter(state="waiting").count() == 1


@pytest.mark.usefixtures("every_file_is_long")
def test_job_that_looks_is_started_by_whoever_asks_for_it(client, study, carl):
    colleague = make_unblinded(make_member(study, "coordinator")).user
    upload = make_upload(study, carl)
    client.force_login(colleague)

    client.post(address(upload, "look-at-upload"))

    assert Job.objects.get().started_by == colleague


@pytest.mark.usefixtures("every_file_is_long")
def test_file_whose_job_is_at_it_takes_no_word_more(client, study, carl):
    upload = make_upload(study, carl)
    start_import(upload, upload.outlook["fingerprint"], by=carl)

    client.post(address(upload, "look-at-upload"), {"accepted": "0" * 64})

    assert (in_another_window(upload).accepted, Job.objects.count()) == ("", 1)


def test_import_that_failed_says_so_beside_what_was_shown(client, study, carl):
    upload = make_upload(study, carl)
    start_import(upload, upload.outlook["fingerprint"], by=carl)
    Job.objects.update(state="failed", error="The disk is full.", ended_at=timezone.now())

    page = client.get(address(upload)).content.decode()

    assert "The disk is full." in page
    assert "Import participants" in page
    assert "The disk is full." not in client.post(address(upload, "look-at-upload"), follow=True).content.decode()


def test_file_that_is_given_up_stops_its_job(client, study, carl):
    upload = make_upload(study, carl)
    start_import(upload, upload.outlook["fingerprint"], by=carl)

    client.post(address(upload, "give-up-upload"))

    assert (Job.objects.get().state, Upload.objects.count()) == ("stopped", 0)


@pytest.mark.django_db(transaction=True)
def test_job_of_a_file_that_went_says_what_to_do(study, carl):
    upload = make_upload(study, carl)
    job = start_import(upload, upload.outlook["fingerprint"], by=carl)
    upload.delete()

    perform(job.pk, 1)

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "The file is no longer kept. Nothing was changed: bring it again.")
