"""Figures as files: who gets them, and that they are the comparison's own."""

import csv
import json
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from analysis.figure.catalogue import FIGURES
from analysis.models import Look
from analysis.services.lock import lock_study
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_study,
    make_user,
)

pytestmark = pytest.mark.django_db


def address(study, name="boxplots", form="svg"):
    return reverse("figure", args=[study.slug, name, form])


def test_anonymous_is_sent_to_sign_in(client, study):
    response = client.get(address(study))

    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_stranger_gets_404_whatever_the_method_and_the_name(client, study):
    client.force_login(make_user())

    assert client.get(address(study)).status_code == 404
    assert client.post(address(study)).status_code == 404
    assert client.get(address(study, "nothing")).status_code == 404


def test_investigator_of_another_study_gets_404(client, study):
    client.force_login(make_member(make_study(), "investigator").user)

    assert client.get(address(study)).status_code == 404


@pytest.mark.parametrize("role", ["reader", "coordinator"])
def test_other_roles_get_403(client, study, role):
    client.force_login(make_member(study, role).user)

    assert client.get(address(study)).status_code == 403


def test_figures_are_only_read(visitor, study):
    assert visitor.post(address(study)).status_code == 405


@pytest.mark.parametrize(("name", "form"), [("nothing", "svg"), ("boxplots", "pdf"), ("thighs", "json")])
def test_what_there_is_not_is_404(visitor, filled, name, form):
    assert visitor.get(address(filled, name, form)).status_code == 404


@pytest.mark.parametrize("name", FIGURES)
def test_svg_is_the_figure_for_print(visitor, filled, name):
    response = visitor.get(address(filled, name))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert "Content-Disposition" not in response
    assert ElementTree.fromstring(response.content).get("role") == "img"
    assert "light-dark" not in response.content.decode()


def test_download_has_a_name_that_says_what_it_is(visitor, filled):
    response = visitor.get(address(filled, "forest"), {"download": "", "set": "edema"})

    assert response["Content-Disposition"] == f'attachment; filename="{filled.slug}-forest-edema.svg"'


def test_figure_answers_the_question_of_its_address(visitor, filled):
    make_signed_off_read(mri=make_mri(make_participant(filled, group="DM")), feature="fat", sequence="T1W")

    drawn = [visitor.get(address(filled, "boxplots", "json"), {"set": name}).json() for name in ("all", "edema")]

    assert [figure["data"][0]["name"] for figure in drawn] == ["DM (n = 4)", "DM (n = 3)"]


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.plotly])
def test_json_is_what_plotly_draws(visitor, filled, name):
    figure = visitor.get(address(filled, name, "json")).json()

    assert set(figure) == {"data", "layout"}
    assert json.dumps(figure, allow_nan=False)


def test_csv_has_the_numbers_and_runs_no_formula(visitor, filled):
    participant = filled.participants.first()
    participant.code = "=1+1"
    participant.save()

    response = visitor.get(address(filled, "heatmap", "csv"))

    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == 6
    assert "'=1+1" in {row["Participant"] for row in rows}


def test_impossible_question_is_422_with_the_reason(visitor, filled):
    response = visitor.get(address(filled), {"set": "fat"})

    assert response.status_code == 422
    assert "all, edema" in response.content.decode()


def test_hidden_comparison_has_no_figures(visitor, filled):
    filled.hides_comparison = True
    filled.save()

    assert visitor.get(address(filled)).status_code == 403


def test_figure_is_a_look_and_all_figures_of_one_comparison_are_one(visitor, filled):
    for name in FIGURES:
        visitor.get(address(filled, name))

    assert Look.objects.filter(study=filled).count() == 1


def test_nothing_read_yet_is_drawn_as_nothing(visitor, study):
    for name in FIGURES:
        assert visitor.get(address(study, name)).status_code == 200


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_says_its_restriction_its_data_and_that_they_are_interim(visitor, filled, name):
    asked = {"sequence": "STIR", "set": "edema", "model": "joint"}
    version = visitor.get(reverse("comparison-json", args=[filled.slug]), asked).json()["comparison"]["data_version"]

    drawn = visitor.get(address(filled, name), asked).content.decode()

    assert f"{filled.slug}; reads on STIR only: exploratory; edema reads only; joint model" in drawn
    assert f"6 participants, 132 grades; interim: reading goes on; data version {version[:12]}" in drawn


def test_drawing_of_a_locked_study_is_final(visitor, filled, coordinator):
    lock_study(study=filled, by=coordinator)

    drawn = visitor.get(address(filled)).content.decode()

    assert f"{filled.slug}; all reads, edema before fat; a model per muscle" in drawn
    assert "final: the study is locked" in drawn
    assert "exploratory" not in drawn


def test_boxplots_say_what_their_marks_stand_for(visitor, filled):
    drawn = visitor.get(address(filled)).content.decode()

    assert "*** p &lt; 0.001, ** p &lt; 0.01, * p &lt; 0.05, NS not significant" in drawn
    assert "mixed model (Kenward–Roger), not adjusted" in drawn
