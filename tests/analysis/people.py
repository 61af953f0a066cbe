"""A small study with reads in it, for the tests of what is shown of it."""

from random import Random

from analysis.services.results import live_agreement, live_comparison
from analysis.stats.question import Question
from grading.anatomy import MUSCLE_CODES
from grading.models import Study
from tests.builders import make_member, make_mri, make_participant, make_signed_off_read


def fill(study: Study, *, per_group: int = 3, readers: int = 2) -> Study:
    """Participants of both groups, each read by every reader, with scores that differ between groups and muscles."""
    random = Random(5)
    users = [make_member(study, "reader").user for _ in range(readers)]
    for group, shift in (("IMNM", 0), ("DM", 1)):
        for _ in range(per_group):
            mri = make_mri(make_participant(study, group=group))
            for user in users:
                scores = [min(3, shift + random.randint(0, 2)) for _ in MUSCLE_CODES]
                make_signed_off_read(mri=mri, reader=user, scores=scores)
    return study


def answered(study: Study) -> Study:
    """Compute what most pages ask of a study that ``fill`` filled, which then finds it: for what is made once."""
    live_comparison(study, Question("IMNM", "DM"))
    live_agreement(study)
    return study
