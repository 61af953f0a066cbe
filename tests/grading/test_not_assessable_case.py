"""A case of which nothing can be assessed: every muscle at once, with a reason."""

import pytest
from django.urls import reverse

from grading import services
from grading.csv.exports import export_grades
from grading.models import Study
from tests.builders import enter_grade, make_member, make_read, make_signed_off_read, make_study

pytestmark = pytest.mark.django_db


def path(read):
    return reverse("grade-not-assessable", args=[read.pk])


def test_every_muscle_becomes_not_assessable_with_the_reason_in_front_of_the_comment(as_reader, study, read):
    enter_grade(read=read, muscle="VL", side="both", score=3)
    services.describe_read(read=read, comment="Left one only.")
    assert path(read) in as_reader.get(reverse("read", args=[read.pk])).content.decode()

    response = as_reader.post(path(read), {"reason": " Motion artefact. "}, follow=True)

    assert response.redirect_chain == [(reverse("read", args=[read.pk]), 302)]
    assert f"Case {read.code}: all muscles are not assessable" in response.content.decode()
    read.refresh_from_db()
    assert read.comment == "Not assessable: Motion artefact.\nLeft one only."
    assert set(read.grades.values_list("score", "not_assessable")) == {(None, True)}
    assert read.grades.count() == 11
    assert read.entries.count() == 12  # the 3 is kept among the entries
    assert services.sign_off(read).is_signed_off
    assert "Not assessable: Motion artefact." in "".join(export_grades(study, layout="long"))


@pytest.mark.parametrize("before", ["", "Left one only."])
def test_sent_again_it_says_the_reason_once(as_reader, read, before):
    """A double click, or an answer that was lost."""
    services.describe_read(read=read, comment=before)
    for _ in range(2):
        as_reader.post(path(read), {"reason": "Motion,\r\nmuch of it."})
    read.refresh_from_db()
    assert read.comment.count("Not assessable:") == 1
    assert read.entries.count() == 11

    as_reader.post(path(read), {"reason": "Motion"})
    read.refresh_from_db()
    assert read.comment.startswith("Not assessable: Motion\nNot assessable: Motion,\n")


def test_both_sides_where_they_are_graded_apart(client):
    study = make_study(sides=Study.Sides.APART)
    read = make_read(study=study, reader=(reader := make_member(study).user))
    client.force_login(reader)

    client.post(path(read), {"reason": "Motion artefact."})

    assert read.grades.filter(not_assessable=True).count() == 22


def test_script_gets_the_page(as_reader, read):
    sent = {"reason": "Motion artefact.", "with_page": "1"}
    answer = as_reader.post(path(read), sent, headers={"accept": "application/json"}).json()

    assert answer["next"] == reverse("read", args=[read.pk])
    assert answer["page"].count('value="na" checked') == 11


@pytest.mark.parametrize(
    ("reason", "comment", "said"),
    [
        ("", "", "Give the reason"),
        (" \u200b", "", "Give the reason"),
        ("x" * 501, "", "at most 500"),
        ("Motion.", "x" * 1990, "2000 at most"),
    ],
)
def test_impossible_reason_changes_nothing(as_reader, read, reason, comment, said):
    services.describe_read(read=read, comment=comment)

    response = as_reader.post(path(read), {"reason": reason})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert f'value="{reason}"' in response.content.decode()  # to be put right
    assert not read.grades.exists()


def test_signed_case_stays_as_it_is(as_reader, study, reader):
    read = make_signed_off_read(study=study, reader=reader)

    assert as_reader.post(path(read), {"reason": "Motion."}).status_code == 423
    assert path(read) not in as_reader.get(reverse("read", args=[read.pk])).content.decode()
    assert not read.grades.filter(not_assessable=True).exists()
