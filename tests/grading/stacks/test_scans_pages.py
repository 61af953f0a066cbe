"""A coordinator uploads the DICOM of an MRI, looks at every slice, and approves or refuses each stack."""

import gzip
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading.models import Stack
from grading.slice_store import SliceMissing, read_slice
from grading.stacks import spool
from grading.stacks.reading.limits import MAX_FILES
from tests.builders import make_mri, make_participant, make_slices, make_stack, make_study
from tests.grading.stacks.dicom_files import as_files, as_zip, make_series

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scan_storage")]

SECRETS = ("MRN-4711", "Invented", "19700102", "1.2.3.4", "Franz-Josef")


@pytest.fixture
def mri(study):
    return make_mri(make_participant(study, code="P1"), code="M1")


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def upload(as_coordinator, study, mri):
    """Send files to the page of an MRI."""

    def sent(*files: bytes, name: str = "Franz-Josef.zip", field: str = "files"):
        sent_files = [SimpleUploadedFile(name, file) for file in files]
        return as_coordinator.post(reverse("mri-stacks", args=[study.slug, mri.pk]), {field: sent_files}, follow=True)

    return sent


def test_zip_becomes_a_stack_that_waits_and_of_which_nothing_but_pixels_is_kept(upload, mri, coordinator, caplog):
    page = upload(as_zip(as_files(make_series(3)))).content.decode()

    stack = Stack.objects.get()
    assert (stack.mri, stack.stored_by, stack.slices, stack.sequence) == (mri, coordinator, 3, "")
    assert stack.suggested_sequence == "STIR"
    assert "1 stack is stored. Look at it" in page
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT row_to_json(s) FROM grading_stack s)::text, "
            "(SELECT string_agg(row_to_json(t)::text, '') FROM grading_trail t)"
        )
        stored = "".join(cursor.fetchone())
    kept = b"".join(gzip.decompress(read_slice(stack.pk, number)) for number in range(3))
    assert not [secret for secret in SECRETS if secret in stored + page + caplog.text or secret.encode() in kept]


def test_folder_of_files_is_one_upload(upload):
    upload(*as_files(make_series(12)), name="IM0001", field="folder")

    assert Stack.objects.get().slices == 12


def test_upload_again_stores_nothing_again(upload):
    file = as_zip(as_files(make_series(3)))
    upload(file)

    page = upload(file).content.decode()

    assert Stack.objects.count() == 1
    assert "has 1 of the stacks already" in page


def test_what_cannot_be_read_is_refused_with_the_reason(upload):
    response = upload(b"no DICOM at all")

    assert response.status_code == 422
    assert re.search(r'<div class="errors" role="alert"><p>[^<]{20,}', response.content.decode())
    assert not Stack.objects.exists()


def test_upload_of_nothing_says_what_to_choose(upload):
    response = upload()

    assert response.status_code == 422
    assert "Choose a ZIP archive" in response.content.decode()


def test_upload_that_is_too_large_is_refused_while_it_comes(upload, monkeypatch):
    monkeypatch.setattr(spool, "MAX_BYTES", 100_000)

    response = upload(b"x" * 300_000)

    assert response.status_code == 422
    assert "The upload is larger than" in response.content.decode()


def test_folder_of_too_many_files_is_refused_in_words(upload):
    response = upload(*[b"x"] * (MAX_FILES + 1))

    assert response.status_code == 422
    assert f"The upload has more than {MAX_FILES:,} files. Upload the series" in response.content.decode()


def test_nothing_is_uploaded_to_a_locked_study(upload, study, as_coordinator, mri):
    study.locked_at, study.locked_by = study.created_at, study.members.get().user
    study.save()

    response = upload(as_zip(as_files(make_series(3))))

    assert response.status_code == 422
    assert "entry has ended" in response.content.decode()
    assert 'type="file"' not in response.content.decode()


def test_every_slice_can_be_looked_at_before_it_is_approved(as_coordinator, study, mri):
    slices = make_slices(3)
    stack = make_stack(mri, slices=slices, approved=False)

    page = as_coordinator.get(reverse("stack", args=[study.slug, stack.pk])).content.decode()

    assert f'"url": "/studies/{study.slug}/data/stacks/{stack.pk}/"' in page
    assert "data-approve disabled" in page  # until every slice is painted
    for number, packed in enumerate(slices):
        address = reverse("stack-slice", args=[study.slug, stack.pk, number])
        assert as_coordinator.get(address, headers={"accept-encoding": "gzip"}).content == packed
    assert as_coordinator.get(reverse("stack-slice", args=[study.slug, stack.pk, 3])).status_code == 404


def test_stack_is_approved_as_what_the_coordinator_says_it_is(as_coordinator, study, mri, coordinator):
    stack = make_stack(mri, "", approved=False)
    address = reverse("approve-stack", args=[study.slug, stack.pk])

    refused = as_coordinator.post(address, {"sequence": ""})
    done = as_coordinator.post(address, {"sequence": "T1W"}, follow=True)

    assert refused.status_code == 422
    assert "Say which sequence it is" in refused.content.decode()
    stored = Stack.objects.get()
    assert (stored.sequence, stored.approved_by) == ("T1W", coordinator)
    assert "Approved as T1W" in done.content.decode()

    in_another_window = as_coordinator.post(address, {"sequence": "STIR"})
    assert in_another_window.status_code == 422
    assert "approved as T1W already" in in_another_window.content.decode()
    assert as_coordinator.post(address, {"sequence": "T1W"}).status_code == 302
    assert Stack.objects.get().sequence == "T1W"


def test_slices_that_another_mri_has_too_are_told_before_they_are_approved(as_coordinator, study, mri):
    slices = make_slices(3)
    other = make_mri(make_participant(study, code="P2"), code="M2")
    stacks = [make_stack(each, slices=slices, approved=False) for each in (mri, other)]
    make_stack(make_mri(make_participant(make_study(), code="P3")), slices=slices, approved=False)  # in another study

    pages = [as_coordinator.get(reverse("stack", args=[study.slug, each.pk])).content.decode() for each in stacks]

    assert "MRI M2 of P2 has the same slices" in pages[0]
    assert "MRI M1 of P1 has the same slices" in pages[1]
    assert all(page.count("has the same slices") == 1 for page in pages)


def test_second_stack_of_a_sequence_is_not_approved(as_coordinator, study, mri, coordinator):
    make_stack(mri, "STIR", by=coordinator)
    other = make_stack(mri, "", approved=False, slices=make_slices(2))

    response = as_coordinator.post(reverse("approve-stack", args=[study.slug, other.pk]), {"sequence": "STIR"})

    assert response.status_code == 422
    assert "has a stack of STIR already" in response.content.decode()


def test_stack_is_refused_with_a_reason_and_its_slices_go(as_coordinator, study, mri, coordinator):
    stack = make_stack(mri, by=coordinator)
    address = reverse("refuse-stack", args=[study.slug, stack.pk])

    without = as_coordinator.post(address, {"reason": ""})
    as_coordinator.post(address, {"reason": "a name in the corner"})

    assert without.status_code == 422
    assert Stack.objects.get().refused_because == "a name in the corner"
    with pytest.raises(SliceMissing):
        read_slice(stack.pk, 0)
    page = as_coordinator.get(reverse("stack", args=[study.slug, stack.pk])).content.decode()
    assert "a name in the corner" in page
    assert as_coordinator.get(reverse("stack-slice", args=[study.slug, stack.pk, 0])).status_code == 404


def test_stacks_of_another_study_are_not_found(as_coordinator, study):
    other = make_stack(make_mri(make_participant(make_study())), approved=False)

    for name in ("stack", "approve-stack", "refuse-stack"):
        ask = as_coordinator.get if name == "stack" else as_coordinator.post
        assert ask(reverse(name, args=[study.slug, other.pk])).status_code == 404
    assert as_coordinator.get(reverse("stack-slice", args=[study.slug, other.pk, 0])).status_code == 404
    assert as_coordinator.get(reverse("mri-stacks", args=[study.slug, other.mri_id])).status_code == 404


def test_list_of_scans_asks_as_often_for_many_mris_as_for_one(as_coordinator, study, mri, coordinator):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            page = as_coordinator.get(reverse("scans", args=[study.slug]))
        return len(counted), page.content.decode()

    make_stack(mri, by=coordinator)
    queries()
    few, _ = queries()
    for _ in range(4):
        make_stack(make_mri(make_participant(study)), approved=False)

    many, page = queries()

    assert many == few
    assert "4 to be looked at" in page
