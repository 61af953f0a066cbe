"""The scans of many MRIs in one archive: read in the background, looked over, stored; nothing else of it is kept."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from grading import slice_store
from grading.models import Stack, Upload
from grading.services.stacks import sweep_slices
from grading.uploads.keeping import forget_uploads
from grading.uploads.scan_jobs import sweep_archives
from tests.builders import make_mri, make_participant, make_unblinded
from tests.grading.stacks.dicom_files import as_files, as_zip, make_series
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folder")]

SECRETS = ("MRN-4711", "Invented", "19700102", "Mueller", "Franz-Josef", "export-of-ward-7")
MAPPING = (
    "participant,mri,path,sequence\nP1,M1,Mueller^Anna,STIR\nP2,M2,Franz-Josef.zip,\nP3,M3,broken,\nP4,M4,broken2,\n"
)


def usual_archive() -> bytes:
    one = {f"export/Mueller^Anna/IM{number}": file for number, file in enumerate(as_files(make_series(3)))}
    two = make_series(4, SeriesInstanceUID="1.2.9", EchoTime=12, RepetitionTime=600, InversionTime=None)
    for number, dataset in enumerate(two):
        dataset.SOPInstanceUID = f"1.2.9.{number}"
    wrong = {"export/broken/IM0": b"nothing", "export/broken2/IM0": b"nothing", "export/README": b"of Mueller"}
    of_macos = {f"__MACOSX/export/Mueller^Anna/._IM{number}": b"\x00\x05\x16\x07" for number in range(3)}
    return as_zip(one | {"export/Franz-Josef.zip": as_zip(as_files(two))} | wrong | of_macos)


@pytest.fixture
def mris(study):
    return [make_mri(make_participant(study, code=f"P{number}"), code=f"M{number}") for number in range(1, 5)]


@pytest.fixture
def bring(client, study, coordinator, mris):
    """Bring an archive with its mapping, as a coordinator; the answer."""
    make_unblinded(study.members.get(user=coordinator))
    client.force_login(coordinator)

    def brought(mapping: str = MAPPING, archive: bytes | None = None):
        content = usual_archive() if archive is None else archive
        files = {
            "mapping": SimpleUploadedFile("export-of-ward-7.csv", mapping.encode()),
            "archive": SimpleUploadedFile("export-of-ward-7.zip", content),
        }
        return client.post(reverse("bring-many-scans", args=[study.slug]), files)

    return brought


def at(name: str) -> str:
    upload = Upload.objects.select_related("study").get()
    return reverse(name, args=[upload.study.slug, upload.pk])


def read() -> Job:
    job = Job.objects.latest("made_at")
    perform(job.pk, job.attempt)
    job.refresh_from_db()
    return job


def lying() -> set:
    """Keys of what lies in the storage for scans."""
    return {key for key, _ in slice_store.stored_stacks()}


def everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [table for (table,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            rows += cursor.fetchone()
    return "\n".join(rows)


def test_scans_of_many_mris_are_read_looked_over_and_stored(bring, client, mris, coordinator, caplog):
    assert bring().url == at("many-scans")
    assert "Nothing of the archive is in the study yet." in client.get(at("many-scans")).content.decode()

    assert read().state == "done"
    page = client.get(at("many-scans")).content.decode()
    assert "Store 2 stacks of 2 MRIs" in page
    assert "T1W?, 4 slices" in page
    assert "2 rows, first line 4: The upload holds no DICOM." in page
    assert "1 file of the archive is in no row" in page
    assert not Stack.objects.exists()
    pending = lying()
    assert Upload.objects.get().pk not in pending
    assert len(pending) == 2

    page += client.post(at("store-many-scans"), follow=True).content.decode()
    assert "2 stacks of 2 MRIs stored." in page
    stored = {(stack.mri, stack.sequence, stack.slices, stack.state, stack.stored_by) for stack in Stack.objects.all()}
    waits = "to be looked at"
    assert stored == {(mris[0], "STIR", 3, waits, coordinator), (mris[1], "", 4, waits, coordinator)}
    assert lying() == pending == set(Stack.objects.values_list("pk", flat=True))
    kept = everything_stored() + page + caplog.text
    assert [secret for secret in SECRETS if secret in kept] == []
    assert client.post(at("store-many-scans")).status_code == 409


def test_what_an_mri_has_already_is_not_stored_again(bring, client):
    bring()
    read()
    client.post(at("store-many-scans"))
    Upload.objects.all().delete()
    bring()
    read()

    page = client.get(at("many-scans")).content.decode()

    assert page.count("1 there already") == 2
    assert "There is nothing to store." in page


@pytest.mark.parametrize(
    ("mapping", "archive", "says"),
    [
        ("participant,mri,path\nP1,M1,elsewhere\n", None, "Line 2, column path: The archive has nothing at this path."),
        ("participant,mri,path\nP9,M1,Mueller^Anna\n", None, "The study has no MRI M1 of participant P9"),
        ("participant,mri,path\nP1,M1,export\nP2,M2,Mueller^Anna\n", None, "Another row names the same files"),
        ("participant,path\nP1,x\n", None, "The header lacks mri."),
        (MAPPING, b"no archive", "The zip archive is damaged"),
        (MAPPING, as_zip({"../Mueller": b"x"}), "names files outside"),
        (MAPPING, b"", "The zip archive is damaged"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_kept(bring, mapping, archive, says):
    answer = bring(mapping, archive)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (Upload.objects.count(), Job.objects.count(), lying()) == (0, 0, set())


def test_file_alone_is_no_archive_with_a_mapping(bring, client, study):
    bring()
    Upload.objects.all().delete()

    answer = client.post(reverse("bring-many-scans", args=[study.slug]), {"archive": SimpleUploadedFile("a.zip", b"x")})

    assert answer.status_code == 422
    assert "Choose the mapping" in answer.content.decode()


def test_given_up_broken_off_or_killed_nothing_stays(bring, client):
    bring()
    read()
    client.post(at("give-up-many-scans"))
    assert (lying(), Upload.objects.count()) == (set(), 0)

    bring()
    client.post(at("give-up-many-scans"))  # before it was read
    assert (lying(), Job.objects.latest("made_at").state) == (set(), "stopped")

    bring()
    slice_store.delete_slices(Upload.objects.get().pk)  # as of a storage that lost it
    assert read().error == "The archive is no longer kept. Nothing was stored: bring it again."
    assert lying() == set()
    client.post(at("give-up-many-scans"))

    bring()
    Job.objects.filter(state="waiting").update(state="failed", ended_at=timezone.now())  # as of a worker that died
    sweep_archives()
    assert lying() == set()
    assert 'data-state="failed"' in client.get(at("many-scans")).content.decode()


def test_what_was_read_waits_for_its_coordinator_and_goes_once_it_is_forgotten(bring, monkeypatch):
    bring()
    read()
    later = timezone.now().replace(minute=0) + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)

    sweep_slices()
    assert len(lying()) == 2
    forget_uploads()
    sweep_slices()
    assert lying() == set()
