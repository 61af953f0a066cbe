"""A locked study offers nothing that the lock forbids: every link is followed, and every form sent, as every role."""

import re
from collections import Counter

import pytest

from analysis.services.lock import lock_study
from grading.models import Study
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_unblinded,
    make_user,
)
from tests.offers import Visitor

pytestmark = pytest.mark.django_db

REFUSED = re.compile(r"locked|entry has ended", re.IGNORECASE)
STARTS = {
    "reader": ["/"],
    "coordinator": ["/"],
    "investigator": ["/"],
    "site admin": ["/admin/", "/admin/grading/study/"],
}


@pytest.fixture
def study():
    """A study with reads in every state, of participants who take part and of one who has withdrawn."""
    study = make_study(slug="thighs")
    coordinator = make_unblinded(make_member(study, "coordinator", make_user("coordinator"))).user
    make_unblinded(make_member(study, "investigator", make_user("investigator")))
    reader = make_member(study, "reader", make_user("reader")).user
    other = make_member(study, "reader").user
    for group in ("IMNM", "DM"):
        mri = make_mri(make_participant(study, group=group))
        for who in (reader, other):
            make_signed_off_read(mri=mri, reader=who)
    make_read(study=study, reader=reader, scores=[1, 2])
    make_read(study=study, reader=reader)
    admin = make_user("site admin")
    admin.is_staff = admin.is_superuser = True
    admin.save()
    lock_study(study=study, by=coordinator)
    return Study.objects.get(pk=study.pk)


def user_of(role: str):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=role)


def refusals(texts) -> Counter[str]:
    """Count what speaks of the lock: a page that was sent something may say once more what it said before."""
    return Counter(text for text in texts if REFUSED.search(text))


@pytest.mark.parametrize("role", STARTS)
def test_nothing_that_is_offered_is_refused_because_of_the_lock(study, role):
    within = r"/(admin/grading/|studies/|open/|reading/|reads/|$)"
    visitor = Visitor(user_of(role), within=within)

    answers = visitor.visit(*STARTS[role])

    refused = [
        (answer.page, answer.action, answer.status, sorted(said))
        for answer in answers
        if answer.status not in (302, 303)
        and (said := refusals(answer.texts) - refusals(visitor.pages[answer.page].texts))
    ]
    assert len(visitor.pages) > 2
    assert refused == []
