"""What is too much is refused at once, in words that say what would be right."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading import limits
from grading.csv.imports import ImportRefused, import_grades, import_participants
from tests.builders import make_member
from tests.effort import effort
from tests.grading.csv.csv_files import make_study_with_reader

pytestmark = pytest.mark.django_db

MANY = 1_000_000
AT_ONCE = 400  # loops, a dozen seconds; what grew with the square of the columns took hours


@pytest.fixture
def thighs():
    return make_study_with_reader()


@pytest.fixture
def coordinator_client(client, thighs):
    client.force_login(make_member(thighs, "coordinator").user)
    return client


HEADER = b"participant,group,mri"
TOO_MUCH = {
    "a million columns": (HEADER + b"," * MANY, "The header has more than 200 columns"),
    "a million names": (HEADER + b"," + b",".join(b"%d" % number for number in range(MANY)), "more than 200 columns"),
    "201 columns": (HEADER + b",x" * 198, "The header has more than 200 columns"),
    "a line that never ends": (HEADER + b"\n" + b"x" * 5_000_000, "Line 2: The line has more than 100,000 characters"),
    "a row of a million cells": (HEADER + b"\nP,IMNM,M" + b"," * MANY, "Line 2: The line has more than"),
    "a quote that is never closed": (HEADER + b'\nP,IMNM,"M\n' + b"x\n" * MANY, "never closed"),
    "lines that end oddly": (HEADER + b"\rP3,IMNM,M\x0bx\r\n", "holds a line break (U+000B, place 2)"),
}


@pytest.mark.parametrize("take", [import_participants, import_grades])
@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_much_is_refused_at_once(thighs, take, what):
    file, message = TOO_MUCH[what]
    if take is import_grades:
        file = file.replace(HEADER, b"participant,mri,reader,sequence,feature,muscle,score", 1)

    def refused():
        with pytest.raises(ImportRefused) as refusal:
            take(study=thighs, file=file)
        if take is import_participants:
            assert message in str(refusal.value)

    assert effort(refused) < AT_ONCE


def test_uploads_touch_no_disk(coordinator_client, thighs, monkeypatch, settings):
    """A folder for temporary files that is not there: whoever made one would fail."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    settings.IMPORT_AT_ONCE_BYTES = 10_000_000
    rows = [b"P%d,DM,M1,%b" % (number, b"x" * 90_000) for number in range(3, 63)]
    file = b"participant,group,mri,note\n" + b"\n".join(rows)

    response = coordinator_client.post(
        reverse("import-participants", args=[thighs.slug]),
        {"file": SimpleUploadedFile("x.csv", file)},
        follow=True,
    )

    assert len(file) > 5_000_000
    assert "60 participants" in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"comment": "x" * (limits.MAX_FORM_BYTES + 1)},
        {f"field{number}": "" for number in range(limits.MAX_FORM_FIELDS + 1)},
        {f"file{number}": SimpleUploadedFile("x", b"x") for number in range(limits.MAX_FORM_FILES + 1)},
    ],
    ids=["bytes", "fields", "files"],
)
def test_form_that_is_too_large_is_refused_in_words(coordinator_client, thighs, data):
    response = coordinator_client.post(reverse("invite", args=[thighs.slug]), data)

    assert response.status_code == 413
    page = response.content.decode()
    assert "Nothing was changed" in page
    assert f"{limits.MAX_FORM_BYTES // limits.MB} MB, {limits.MAX_FORM_FIELDS} fields" in page
    assert f"{limits.MAX_FORM_FILES} files; a CSV at most {limits.MAX_UPLOAD_BYTES // limits.MB} MB" in page
