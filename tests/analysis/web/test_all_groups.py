"""A study of three groups: what page, JSON, text and command say of all of them, and when they say nothing."""

import json
import re
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from analysis.models import CachedResult
from grading.models import DiagnosisGroup, Study
from tests.analysis.people import fill
from tests.builders import make_member, make_mri, make_participant, make_signed_off_read, make_study
from tests.made_once import made_once
from tests.near import near

pytestmark = pytest.mark.django_db


def make_three() -> Study:
    """Three participants in each of three groups, and nobody in a fourth."""
    study = fill(make_study())
    for code in ("ASyS", "IBM"):
        DiagnosisGroup.objects.create(study=study, code=code, name=code, colour="#0072B2")
    reader = study.members.filter(role="reader").first().user
    for number in range(3):
        mri = make_mri(make_participant(study, group="ASyS"))
        make_signed_off_read(mri=mri, reader=reader, scores=[(number + place) % 4 for place in range(11)])
    make_member(study, "investigator")
    return study


three_once = made_once(make_three)


@pytest.fixture
def three(three_once, client):
    study = Study.objects.get(pk=three_once.pk)
    client.force_login(study.members.get(role="investigator").user)
    return study


def get(client, study, name="comparison", pair="IMNM,DM"):
    return client.get(reverse(name, args=[study.slug]), {"groups": pair})


def shown(response) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", response.content.decode())).split())


def test_page_text_json_and_command_say_the_same_of_all_groups(three, client):
    found = get(client, three, "comparison-json").json()["comparison"]["all_groups"]
    page, text = shown(get(client, three)), shown(get(client, three, "text"))
    out = StringIO()
    asked = ("--study", three.slug, "--groups", "IMNM,DM", "--all-groups")
    call_command("compare", *asked, "--permutations", "0", "--format", "json", stdout=out)
    call_command("compare", *asked, "--permutations", "0", stdout=(table := StringIO()))

    assert json.loads(out.getvalue())["all_groups"] == near(found)
    assert (found["groups"], found["left_out"], found["pairs"]) == (["IMNM", "ASyS", "DM"], ["IBM"], 6)
    assert [test["df1"] for test in found["muscles"]] == [2] * 11
    differing = sum(test["p_holm"] < 0.05 for test in found["muscles"])
    over_all = sum(test["p_over_all"] < 0.05 for test in found["muscles"])
    for said in (page, " ".join(table.getvalue().split())):
        assert "DM and IMNM are one of 6 pairs of the study’s groups" in said
        assert f"Among IMNM, ASyS and DM, scores differ in {differing} of 11 muscles" in said
        assert f"DM and IMNM differ in {over_all} of 11 muscles where p is adjusted" in said
        assert "fewer than two participants graded: IBM" in said
    assert f"Among IMNM, ASyS and DM, scores differed significantly in {differing} of 11 muscles" in text
    assert "All groups (IMNM, ASyS and DM) were tested at once" in text


def test_another_pair_has_its_own_p_and_the_tests_are_computed_once(three, client):
    first = get(client, three, "comparison-json").json()["comparison"]["all_groups"]

    other = get(client, three, "comparison-json", "IMNM,ASyS").json()["comparison"]["all_groups"]

    assert [test["F"] for test in other["muscles"]] == [test["F"] for test in first["muscles"]]
    assert [test["p_over_all"] for test in other["muscles"]] != [test["p_over_all"] for test in first["muscles"]]
    assert CachedResult.objects.filter(study=three, question__startswith="all groups").count() == 1


def test_a_hidden_comparison_says_nothing_of_all_groups(three, client):
    Study.objects.filter(pk=three.pk).update(hides_comparison=True)

    assert get(client, three, "comparison-json").status_code == 403
    assert "one of 6 pairs" not in shown(get(client, three))
    assert not CachedResult.objects.filter(study=three).exists()


def test_two_groups_have_no_test_over_all_groups(filled, visitor):
    assert "all_groups" not in get(visitor, filled, "comparison-json").json()["comparison"]
    assert "pairs of the study’s groups" not in shown(get(visitor, filled))
    with pytest.raises(CommandError, match="--all-groups: the study has 2 groups"):
        call_command("compare", "--study", filled.slug, "--all-groups", stdout=StringIO())
