"""Restricted questions over HTTP: the rows that they are asked of, and what the page says of them."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.stats.comparison_json import as_json
from analysis.stats.frame.canonical import data_version
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.study_data.frame import study_frame
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import DiagnosisGroup, Participant, Study
from tests.analysis.stats.comparison_frames import compare, cut
from tests.builders import (
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.made_once import made_once
from tests.near import near
from thighsite.acting import because

pytestmark = pytest.mark.django_db

SEXES, AUTOANTIBODIES = ("female", "male"), ("HMGCR", "SRP", "")


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def make_mixed() -> Study:
    """Two groups of six, of both sexes; ann and bob read edema, ann fat too, bob leaves out the third of each group."""
    study = make_study()
    ann, bob = (make_member(study, "reader", make_user(name)).user for name in ("ann", "bob"))
    for number in range(12):
        group = ("IMNM", "DM")[number % 2]
        person = {"sex": SEXES[number // 2 % 2], "autoantibody": AUTOANTIBODIES[number // 2 % 3]}
        mri = make_mri(make_participant(study, code=f"P{number:02}", group=group, **person))
        scores = [(number * 7 + place * 5) % 4 for place, _ in enumerate(MUSCLE_CODES)]
        make_signed_off_read(mri=mri, reader=ann, scores=scores)
        make_signed_off_read(mri=mri, reader=ann, scores=scores[::-1], feature="fat", sequence="T1W")
        if number // 2 != 2:
            make_signed_off_read(mri=mri, reader=bob, scores=[3 - score for score in scores], sequence="T2FS")
    make_member(study, "investigator")
    return study


mixed_once = made_once(make_mixed)


@pytest.fixture
def mixed(mixed_once, client):
    study = Study.objects.get(pk=mixed_once.pk)
    client.force_login(study.members.get(role="investigator").user)
    return study


def answer(client, study, query):
    response = client.get(reverse("comparison-json", args=[study.slug]) + query)
    assert response.status_code == 200, response.content
    return response.json()


def text(client, study, query=""):
    response = client.get(reverse("comparison", args=[study.slug]) + query)
    assert response.status_code == 200
    return " ".join(unescape(re.sub("<[^>]*>", " ", response.content.decode())).split())


def of(study, **values):
    return study.participants.filter(**values).values_list("code", flat=True)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?sequence=STIR", lambda frame, study: frame["sequence"] == "STIR"),
        ("?sequence=T1W", lambda frame, study: frame["sequence"] == "T1W"),
        ("?set=edema&sequence=T2FS", lambda frame, study: frame["sequence"] == "T2FS"),
        ("?reader=ann", lambda frame, study: frame["reader"] == "ann"),
        ("?reader=bob", lambda frame, study: frame["reader"] == "bob"),
        ("?sex=female", lambda frame, study: frame["participant"].isin(of(study, sex="female"))),
        ("?autoantibody=SRP", lambda frame, study: frame["participant"].isin(of(study, autoantibody="SRP"))),
        (
            "?model=joint&sequence=T1W&sex=male&reader=ann",
            lambda frame, study: (frame["sequence"] == "T1W") & frame["participant"].isin(of(study, sex="male")),
        ),
    ],
)
def test_the_answer_is_that_of_the_frame_filtered_by_hand(mixed, client, query, kept):
    frame = study_frame(mixed)
    by_hand = frame[kept(frame, mixed)]
    analysis_set = "edema" if "set=edema" in query else "all"
    model = "joint" if "model=joint" in query else "per-muscle"

    result = answer(client, mixed, query)["comparison"]

    asked = {"analysis_set": analysis_set, "model": model, "pattern": True}
    expected = compare(by_hand, **asked, data_version=data_version(by_hand))
    score = {"pattern_score": pattern_score_result(cut(by_hand, analysis_set))}
    assert len(by_hand) < len(frame)
    assert result == near(as_json(expected, study=mixed.slug) | score)


def test_a_question_of_t1w_is_answered_by_fat_where_the_mri_has_edema_reads_too(mixed, client):
    found = answer(client, mixed, "?sequence=T1W")

    assert found["comparison"]["n"]["fat_scored"] == 12
    assert found["inclusion"]["fat_for_restriction"] == 12
    assert "12 participants are in by fat, since the restriction leaves the edema reads out." in text(
        client, mixed, "?sequence=T1W"
    )


def test_the_set_edema_has_nothing_on_t1w_and_says_so(mixed, client):
    shown = text(client, mixed, "?set=edema&sequence=T1W")

    assert "No signed-off read that enters this analysis set is within these restrictions" in shown
    assert "12 participants were graded for fat only and are left out of the edema set." in shown
    assert "0 of 12 participants and 0 of 34 reads are in this comparison." in shown


def test_a_corrected_clinical_value_changes_the_answer(mixed, client):
    before = answer(client, mixed, "?sex=female")["comparison"]
    with because("a slip"):
        Participant.objects.filter(code="P00").update(sex="male")

    after = answer(client, mixed, "?sex=female")["comparison"]

    assert (before["n"]["participants"], after["n"]["participants"]) == (6, 5)
    assert before["data_version"] != after["data_version"]


def test_the_page_says_in_words_who_is_in_and_who_is_left_out(mixed, client):
    shown = text(client, mixed, "?sex=female&reader=bob")

    assert "4 of 12 participants and 4 of 34 reads are in this comparison." in shown
    assert "6 participants are not female, and so outside the subgroup." in shown
    assert "2 participants were not read by bob." in shown
    assert "18 reads are not by bob." not in shown
    assert "12 reads are not by bob." in shown
    assert "Subgroup, exploratory: female participants, reads by bob only." in shown


def test_everybody_and_everything_of_a_study_is_accounted_for(mixed, client):
    DiagnosisGroup.objects.create(study=mixed, code="PM", name="polymyositis", colour="#0072B2")
    make_read(mri=make_mri(make_participant(mixed, group="DM", code="DRAFT")))
    make_signed_off_read(mri=make_mri(make_participant(mixed, group="PM", code="OTHER")))
    make_participant(mixed, code="NO-MRI")
    make_mri(make_participant(mixed, code="UNREAD"))
    later = make_mri(Participant.objects.get(code="P00"), code="z-later")
    make_signed_off_read(mri=later)

    shown = text(client, mixed, "?groups=IMNM%2CDM")

    assert "1 participant belongs to another diagnosis group. OTHER" in shown
    assert "1 participant has no MRI. NO-MRI" in shown
    assert "1 participant has no read: no reader was given the MRI. UNREAD" in shown
    assert "1 participant has no signed-off read of the first MRI yet: it is assigned or in draft. DRAFT" in shown
    assert "1 read is of a later MRI: the comparison takes each participant’s first." in shown
    assert "1 later MRI is not used: the comparison takes each participant’s first." in shown


def test_fat_reads_beside_edema_reads_are_said_to_be_unused(mixed, client):
    shown = text(client, mixed)

    assert "12 of 12 participants and 22 of 34 reads are in this comparison." in shown
    assert "12 fat reads are not used, because the MRI has edema reads." in shown
    assert "exploratory:" not in shown


def test_restrictions_are_chips_that_lead_to_the_question_without_them(mixed, client):
    path = reverse("comparison", args=[mixed.slug])
    content = client.get(f"{path}?set=edema&sequence=STIR&sex=male&reader=ann").content.decode()
    chips = re.search(r'<ul class="chips".*?</ul>', content, re.DOTALL)[0]

    assert [unescape(href) for href in re.findall('href="(.*?)"', chips)] == [
        f"{path}?set=edema&sex=male&reader=ann",
        f"{path}?set=edema&sequence=STIR&sex=male",
        f"{path}?set=edema&sequence=STIR&reader=ann",
        f"{path}?set=edema",
    ]


def test_tabs_keep_the_restrictions(mixed, client):
    path = reverse("comparison", args=[mixed.slug])
    content = client.get(f"{path}?sex=male").content.decode()
    tabs = re.findall(r'<nav class="tabs".*?</nav>', content, re.DOTALL)

    assert [unescape(href) for nav in tabs for href in re.findall('href="(.*?)"', nav)] == [
        f"{path}?sex=male",
        f"{path}?set=edema&sex=male",
        f"{path}?set=fat&sex=male",
        f"{path}?sex=male",
        f"{path}?model=joint&sex=male",
        f"{path}?p=raw&sex=male",
        f"{path}?sex=male",
        f"{path}?p=max-t&sex=male",
    ]


def test_with_three_groups_the_form_chooses_two_and_the_rest_is_left_out(mixed, client):
    DiagnosisGroup.objects.create(study=mixed, code="PM", name="polymyositis", colour="#0072B2")
    make_signed_off_read(mri=make_mri(make_participant(mixed, group="PM")))

    response = client.get(reverse("comparison", args=[mixed.slug]) + "?groups=DM%2CPM&sequence=STIR")

    select = re.search(r'<select name="groups">.*?</select>', response.content.decode(), re.DOTALL)[0]
    assert re.findall('<option value="(.*?)"( selected)?', select) == [
        ("DM,PM", " selected"),
        ("IMNM,DM", ""),
        ("IMNM,PM", ""),
    ]
    assert "6 participants belong to another diagnosis group." in text(client, mixed, "?groups=DM%2CPM&sequence=STIR")


@pytest.mark.parametrize("name", ["comparison", "comparison-json"])
@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("coordinator", 403), ("stranger", 404)])
def test_what_occurs_in_a_study_is_its_investigators_alone(mixed, client, name, who, status):
    client.force_login(make_user() if who == "stranger" else make_member(mixed, who).user)

    asked, tried = (
        client.get(reverse(name, args=[mixed.slug]), {"autoantibody": value}) for value in ("HMGCR", "none")
    )

    assert (asked.status_code, tried.status_code) == (status, status)
    assert b"HMGCR" not in tried.content


def test_queries_of_a_restricted_question_do_not_grow(mixed, client, django_assert_num_queries):
    path = reverse("comparison", args=[mixed.slug]) + "?sequence=STIR&sex=female&autoantibody=HMGCR&reader=ann"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    queries = len(few)
    ann = mixed.members.get(user__username="ann").user
    for number in range(8):
        mri = make_mri(make_participant(mixed, group="DM", sex="female", autoantibody=f"anti-{number}"))
        make_signed_off_read(mri=mri, reader=ann)

    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)


def test_words_of_people_are_never_markup(mixed, client):
    attack = "<script>alert(1)</script>{sex}[a|b]"
    with because("a slip"):
        Participant.objects.filter(code__in=["P00", "P01"]).update(autoantibody=attack)

    response = client.get(reverse("comparison", args=[mixed.slug]), {"autoantibody": attack})

    assert response.status_code == 200
    assert attack in unescape(response.content.decode())
    assert "<script>alert" not in response.content.decode()


def test_who_is_in_on_one_side_is_counted_by_its_grades(client):
    study = make_study(sides="apart")
    for group in ("IMNM", "DM"):
        for _ in range(2):
            make_signed_off_read(mri=make_mri(make_participant(study, group=group)))
    read = make_read(mri=make_mri(make_participant(study)))
    for muscle in MUSCLE_CODES:
        enter_grade(read=read, muscle=muscle, side="left", score=None, not_assessable=True)
        enter_grade(read=read, muscle=muscle, side="right", score=1)
    services.sign_off(read)
    client.force_login(make_member(study, "investigator").user)

    left, both = (answer(client, study, query) for query in ("?side=left", ""))

    assert (both["inclusion"]["participants"], both["inclusion"]["not_assessable"]) == (5, 11)
    assert (left["inclusion"]["participants"], left["inclusion"]["not_assessable"]) == (4, 0)
    assert left["comparison"]["n"]["participants"] == 4
    assert [out["stage"] for out in left["inclusion"]["left_out"]] == ["nothing_assessed"]
