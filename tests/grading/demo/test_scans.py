"""The demo's MRIs get drawn scans, once, in the background, approved and called drawings."""

import pytest

from grading import slice_store
from grading.demo.scans import start_drawing
from grading.models import Stack
from tests.builders import make_member, make_mri, make_participant, make_study
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def coordinator():
    """Of a study called demo, with one MRI read for edema and one for fat; another study has such an MRI, too."""
    demo, other = make_study(slug="demo"), make_study()
    for study, code in ((demo, "TM102"), (demo, "TM107"), (other, "TM102")):
        make_mri(make_participant(study, code=code), code=f"{code}-1")
    return make_member(demo, "coordinator").user


def test_mris_of_the_demo_get_drawings_of_what_they_were_read_on_once(coordinator):
    start_drawing(coordinator)
    job = Job.objects.get()
    perform(job.pk, job.attempt)

    job.refresh_from_db()
    assert (job.state, job.result, job.error) == ("done", {"mris": 2}, "")
    stacks = Stack.objects.order_by("mri__code", "sequence")
    assert [(stack.study.slug, stack.mri.code, stack.sequence) for stack in stacks] == [
        ("demo", "TM102-1", "T1W"),
        ("demo", "TM102-1", "T2FS"),
        ("demo", "TM107-1", "T1W"),
    ]
    assert all(stack.is_drawing and stack.approved_by == coordinator and not stack.deidentified_by for stack in stacks)
    assert all(slice_store.digest_of(stack.pk, stack.slices) == stack.sha256 for stack in stacks)

    start_drawing(coordinator)
    assert Job.objects.count() == 1
