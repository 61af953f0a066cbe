"""Adjudicated grades in the comparison: the default leaves readers' grades, and whoever asks for others is told so."""

import json
from hashlib import sha256
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.models import Look
from analysis.services.lock import lock_study
from analysis.stats.comparison_json import as_json
from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading import services
from grading.models import AdjudicationCase
from grading.services.adjudicating import draw_cases
from tests.analysis.stats.comparison_frames import compare
from tests.builders import (
    adjudicate,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
)
from tests.near import near

pytestmark = pytest.mark.django_db

QUERY = "?grades=adjudicated"


@pytest.fixture
def adjudicated(client):
    """Eight participants, two readers; decided of the first three MRIs, of which the third is × by then."""
    study = make_study()
    readers, adjudicator = [make_member(study).user for _ in range(2)], make_member(study, "adjudicator").user
    for number in range(8):
        mri = make_mri(make_participant(study, code=f"P{number}", group=("IMNM", "DM")[number % 2]), code="M1")
        for place, reader in enumerate(readers):
            scores = [(number * 7 + muscle * 5) % 3 for muscle in range(11)]
            scores[0] = 3 * place if number < 3 else scores[0]
            make_signed_off_read(mri=mri, reader=reader, scores=scores)
    draw_cases(study)
    for number, score in enumerate([3, 1, None]):
        adjudicate(AdjudicationCase.objects.get(mri__participant__code=f"P{number}"), adjudicator, score=score)
    client.force_login(make_member(study, "investigator").user)
    return study


def by_hand(study) -> pd.DataFrame:
    """The frame with the three decisions written into it."""
    frame = study_frame(study)
    for number, score in enumerate([3, 1, np.nan]):
        decided = (frame["participant"] == f"P{number}") & (frame["muscle"] == "VL") & (frame["occasion"] == 1)
        assert decided.sum() == 2
        frame.loc[decided, "score"] = score
    return frame


def get(client, study, name="comparison-json", query=QUERY):
    response = client.get(reverse(name, args=[study.slug]) + query)
    assert response.status_code == 200, response.content
    return response


def test_decisions_take_the_place_of_the_readers_grades_before_and_after_the_lock(client, adjudicated, coordinator):
    expected = by_hand(adjudicated)
    usual = get(client, adjudicated, query="").json()
    asked = get(client, adjudicated).json()
    by_command = StringIO()
    call_command("compare", study=adjudicated.slug, grades="adjudicated", format="json", stdout=by_command)
    looks = {look.asked.grades: (look.data_version, look.study_data_version) for look in Look.objects.all()}
    lock_study(study=adjudicated, by=coordinator)
    final = get(client, adjudicated).json()

    computed = as_json(compare(expected, pattern=True), study=adjudicated.slug)
    assert asked["comparison"]["data_version"] == data_version(expected)
    assert asked["comparison"]["muscles"] == near(computed["muscles"])
    assert usual["comparison"]["data_version"] == data_version(study_frame(adjudicated))
    assert (usual["comparison"]["grades"], asked["comparison"]["grades"]) == ("reads", "adjudicated")
    assert usual["comparison"]["muscles"][0]["estimate"] != asked["comparison"]["muscles"][0]["estimate"]
    assert (asked["inclusion"]["adjudicated"], asked["inclusion"]["not_assessable"]) == (6, 2)
    assert json.loads(by_command.getvalue())["data_version"] == asked["comparison"]["data_version"]
    assert looks["adjudicated"] == (data_version(expected),) * 2
    assert final["comparison"]["muscles"] == near(asked["comparison"]["muscles"])
    assert final["comparison"]["data_version"] == asked["comparison"]["data_version"]


def test_page_text_figure_and_bundle_say_so(client, adjudicated):
    page = unescape(get(client, adjudicated, "comparison").content.decode())
    usual = unescape(get(client, adjudicated, "comparison", "").content.decode())
    text = get(client, adjudicated, "text").content.decode()
    svg = client.get(reverse("figure", args=[adjudicated.slug, "forest", "svg"]) + QUERY).content.decode()
    archive = ZipFile(BytesIO(get(client, adjudicated, "bundle").content))
    files = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}

    assert 'aria-current="true" title="Where a decision stands' in page
    assert "6 grades are adjudicated" in page
    assert "DM − IMNM, all participants, per muscle, adjudicated grades" in page
    assert f'href="{reverse("comparison", args=[adjudicated.slug])}{QUERY}"' in usual
    assert "grades are adjudicated" not in usual
    assert "the adjudicated grade took the place of each reader’s grade" in text
    assert "adjudicated grades where there are any" in svg
    assert "adjudicated-grades" in archive.namelist()[0]
    assert sha256(files["frame.csv"].encode()).hexdigest() == data_version(by_hand(adjudicated))
    assert sha256(files["reads.csv"].encode()).hexdigest() == data_version(study_frame(adjudicated))
    assert json.loads(files["agreement.json"])["data_version"] == data_version(study_frame(adjudicated))
    assert "reads.csv" in files["README.txt"]
    assert "reads.csv" in files["codebook.csv"]


def test_a_decision_stands_until_a_read_changes(client, adjudicated):
    case = AdjudicationCase.objects.get(mri__participant__code="P0")
    third = make_read(mri=case.mri, scores=[2] * 11)
    open_still = get(client, adjudicated).json()["inclusion"]["adjudicated"]
    services.sign_off(third)
    changed = get(client, adjudicated).json()["inclusion"]["adjudicated"]

    assert (open_still, changed) == (6, 4)


def test_where_nothing_was_decided_they_are_not_offered(client, visitor, filled):
    response = client.get(reverse("comparison", args=[filled.slug]) + QUERY)

    assert response.status_code == 422
    assert 'aria-label="Grades"' not in get(client, filled, "comparison", "").content.decode()
