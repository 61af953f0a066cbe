"""Whether letters are keys of the grading page: kept for a reader, in every study and at every computer."""

import pytest
from django.urls import reverse

from grading.models import Member
from tests.builders import make_member, make_read, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(study, reader, client):
    client.force_login(reader)
    return make_read(study=study, reader=reader)


def choose(client, read, chosen: str):
    return client.post(reverse("letter-keys", args=[read.pk]), {"letter_keys": chosen})


def is_on(client, read) -> bool:
    return 'data-letter-keys="on"' in client.get(reverse("read", args=[read.pk])).content.decode()


def test_letters_are_keys_until_their_reader_switches_them_off_and_again_once_switched_on(client, read):
    assert is_on(client, read)

    assert choose(client, read, "off").json() == {"letter_keys": "off"}
    assert not is_on(client, read)
    choose(client, read, "on")
    assert is_on(client, read)


def test_choice_holds_in_every_study_of_the_reader_and_for_nobody_else(client, read, reader):
    other = make_member(make_study(), user=reader)
    colleague = make_member(read.study)

    choose(client, read, "off")

    assert not Member.objects.get(pk=other.pk).letter_keys
    assert Member.objects.get(pk=colleague.pk).letter_keys


@pytest.mark.parametrize("chosen", ["", "maybe", "True"])
def test_anything_else_is_refused(client, read, chosen):
    response = choose(client, read, chosen)

    assert response.status_code == 422
    assert is_on(client, read)
