"""No browser cuts what is typed or pasted: what is too long is refused in words, and stays in its field."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import CharField, Form
from django.urls import reverse

from grading.limits import MAX_REASON_LENGTH


class Named(Form):
    name = CharField(max_length=3)


def test_field_with_a_greatest_length_is_written_without_it():
    assert "maxlength" not in str(Named())
    form = Named({"name": "Anna"})
    assert "at most 3 characters" in str(form.errors)
    assert 'value="Anna"' in str(form)


def test_no_template_has_a_browser_cut_anything():
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")

    assert [str(path) for path in templates if re.search("maxlength", path.read_text(), re.I)] == []


@pytest.mark.django_db
def test_sign_in_page_cuts_nothing(client):
    assert "maxlength" not in client.get(reverse("login")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "more"), [("suspend-member", {}), ("remove-member", {"confirmed": "yes"})])
def test_reason_that_is_too_long_stays_in_its_field(client, study, reader, coordinator, act, more):
    client.force_login(coordinator)
    member = study.members.get(user=reader)
    reason = "x" * (MAX_REASON_LENGTH + 1)

    answer = client.post(reverse(act, args=[study.slug, member.pk]), {"reason": reason} | more)

    assert answer.status_code == 422
    assert f"at most {MAX_REASON_LENGTH} characters" in answer.content.decode()
    assert f'value="{reason}"' in answer.content.decode()
    assert study.members.filter(pk=member.pk, suspended_at=None).exists()
