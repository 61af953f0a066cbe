"""The first page: what waits for whoever is signed in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_member, make_read, make_study

pytestmark = pytest.mark.django_db

IN_A_WEEK = timezone.now() + timedelta(days=7)


@pytest.mark.parametrize(
    ("available", "words"),
    [
        ([None, None], "2 cases to go."),
        ([None, IN_A_WEEK], f"1 case to go; 1 more comes up, the next on {IN_A_WEEK:%Y-%m-%d}."),
        ([IN_A_WEEK, IN_A_WEEK + timedelta(days=2)], f"2 more come up, the first on {IN_A_WEEK:%Y-%m-%d}."),
        ([], "Nothing left to grade."),
    ],
)
def test_cases_to_go_are_those_that_have_come_up(client, study, reader, available, words):
    make_member(make_study(), user=reader)  # with one study alone it would be opened at once
    for at in available:
        make_read(study=study, reader=reader, available_at=at)
    client.force_login(reader)

    assert words in client.get(reverse("home")).content.decode()
