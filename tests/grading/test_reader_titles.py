"""The title for readers and the groups, whichever of them comes first."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from grading.models import DiagnosisGroup, Study
from tests.builders import make_member, make_study, make_unblinded, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("title", ["Necrotizing myopathy vs dermatomyositis", "Anti-HMGCR", "D.M.", "dermatomiosite"])
def test_settings_refuse_a_title_that_names_a_group(client, title):
    study = make_study()
    client.force_login(make_unblinded(make_member(study, "coordinator")).user)

    response = client.post(reverse("study-settings", args=[study.slug]), {"reader_title": title})

    assert response.status_code == 422
    assert "Readers would learn of the group" in response.content.decode()
    assert Study.objects.get().reader_title == ""


def test_group_that_is_added_later_is_held_against_the_title():
    study = Study.objects.create(slug="own", title="Own", reader_title="Polymyositis and others")
    group = {"study": study, "name": "x", "colour": "#000000"}

    DiagnosisGroup(code="DM", **group).full_clean()
    with pytest.raises(ValidationError, match="learn of the group PM from the title for readers, “Polymyositis"):
        DiagnosisGroup(code="PM", **group).full_clean()


def test_site_admin_cannot_add_a_group_that_the_title_names(client):
    admin = make_user()
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    form = {
        "slug": "own", "title": "Own", "reader_title": "Inclusion-body myositis", "sides": "together",
        "wash_out_days": 28, "grace_minutes": 5, "groups-TOTAL_FORMS": 2, "groups-INITIAL_FORMS": 0,
        "groups-0-code": "IBM", "groups-0-name": "IBM", "groups-0-colour": "#000000",
        "groups-0-is_reference": "on", "groups-1-code": "DM", "groups-1-name": "DM", "groups-1-colour": "#D55E00",
    }  # fmt: skip

    refused = client.post(reverse("admin:grading_study_add"), form)
    taken = client.post(reverse("admin:grading_study_add"), form | {"reader_title": "Thighs"})

    assert "Readers would learn of the group IBM" in refused.content.decode()
    assert taken.status_code == 302
    assert Study.objects.get().reader_title == "Thighs"
