"""What the database holds of study sites: whom they limit, and that what has one has one of its own study."""

import pytest

from grading.models import Member, Participant, StudySite
from tests.builders import make_member, make_participant, make_study
from tests.grading.constraints.refusing import refuses

pytestmark = pytest.mark.django_db


def _site(study) -> StudySite:
    return StudySite.objects.create(study=study, code="BER", name="Berlin")


def test_only_roles_that_have_limits_have_a_site():
    member = make_member(make_study(), role="investigator")

    with refuses("member_site_of_a_role_with_limits"):
        Member.objects.filter(pk=member.pk).update(site=_site(member.study))


def test_no_site_of_another_study_for_a_member():
    member, site = make_member(make_study()), _site(make_study())

    with refuses("member_site_of_its_study"):
        Member.objects.filter(pk=member.pk).update(site=site)


def test_no_site_of_another_study_for_a_participant():
    participant, site = make_participant(make_study()), _site(make_study())

    with refuses("participant_site_of_its_study"):
        Participant.objects.filter(pk=participant.pk).update(site=site)
