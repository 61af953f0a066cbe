"""What the database holds of the archive that keeps scans: a link that tells nothing, and ids that are opaque."""

import pytest

from grading.models import MRI, Study
from tests.builders import make_mri, make_participant, make_study
from tests.grading.constraints.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("link", ["https://a.example/{participant}", "ftp://a.example/{id}", "https://{id}/", "x"])
def test_no_other_link(link):
    study = make_study()

    with refuses("study_archive_link"):
        Study.objects.filter(pk=study.pk).update(archive_link=link)


@pytest.mark.parametrize(("archive_id", "rule"), [("q7k2x9", "mri_archive_id_once"), ("a/../b", "mri_archive_id")])
def test_an_id_once_and_nothing_that_would_change_an_address(archive_id, rule):
    first = make_mri(make_participant(make_study()))
    MRI.objects.filter(pk=first.pk).update(archive_id="q7k2x9")
    other = make_mri(first.participant)

    with refuses(f'"{rule}"'):
        MRI.objects.filter(pk=other.pk).update(archive_id=archive_id)
