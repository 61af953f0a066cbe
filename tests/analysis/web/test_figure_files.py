"""Figures as files: who gets them, and that they are the comparison's own."""

import csv
import json
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES
from analysis.models import Look
from analysis.services.lock import lock_study
from tests.analysis.people import answered, fill
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_study,
    make_user,
    rename_group,
)
from tests.made_once import made_once
from thighsite.acting import because

pytestmark = pytest.mark.django_db

filled_once = made_once(lambda: answered(fill(make_study())))
small_and_large = made_once(
    lambda: [answered(fill(make_study(), per_group=per_group, readers=n)) for per_group, n in ((1, 2), (6, 3))]
)


def address(study, name="boxplots", form="svg", route="figure"):
    return reverse(route, args=[study.slug, name, form])


EACH_KIND = pytest.mark.parametrize(("route", "name"), [("figure", "boxplots"), ("agreement-figure", "bland-altman")])


@EACH_KIND
def test_anonymous_is_sent_to_sign_in(client, study, route, name):
    response = client.get(address(study, name, route=route))

    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


@EACH_KIND
def test_stranger_gets_404_whatever_the_method_and_the_name(client, study, route, name):
    client.force_login(make_user())

    assert client.get(address(study, name, route=route)).status_code == 404
    assert client.post(address(study, name, route=route)).status_code == 404
    assert client.get(address(study, "nothing", route=route)).status_code == 404


@EACH_KIND
def test_investigator_of_another_study_gets_404(client, study, route, name):
    client.force_login(make_member(make_study(), "investigator").user)

    assert client.get(address(study, name, route=route)).status_code == 404


@EACH_KIND
@pytest.mark.parametrize("role", ["reader", "coordinator"])
def test_other_roles_get_403(client, study, role, route, name):
    client.force_login(make_member(study, role).user)

    assert client.get(address(study, name, route=route)).status_code == 403


@EACH_KIND
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_figures_are_only_read(visitor, study, route, name, method):
    assert getattr(visitor, method)(address(study, name, route=route)).status_code == 405


@EACH_KIND
def test_figure_of_the_other_kind_is_404(visitor, filled, route, name):
    other = "bland-altman" if route == "figure" else "boxplots"

    assert visitor.get(address(filled, other, route=route)).status_code == 404


@EACH_KIND
@pytest.mark.parametrize("form", ["svg", "csv", "json"])
def test_queries_do_not_grow_with_the_study(small_and_large, visitor, route, name, form):
    counts = []
    for study in small_and_large:
        make_member(study, "investigator", user=visitor.get("/").wsgi_request.user)
        visitor.get(address(study, name, form, route))  # computed once, and kept
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(address(study, name, form, route)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14


@EACH_KIND
def test_each_theme_has_its_colours_and_there_is_no_other(visitor, filled, route, name):
    path = address(filled, name, "json", route)
    light, dark = (visitor.get(path, {"theme": theme}).json() for theme in ("print", "dark"))
    unknown = visitor.get(path, {"theme": "sepia"})

    assert visitor.get(path).json() == light
    assert (light["layout"]["paper_bgcolor"], dark["layout"]["paper_bgcolor"]) == ("#ffffff", "#17191c")
    assert (unknown.status_code, unknown.json()["error"]) == (
        422,
        "There is no theme “sepia”: it is one of print, dark.",
    )


@pytest.mark.parametrize("name", AGREEMENT_FIGURES)
def test_agreement_says_its_study_its_data_and_that_they_are_interim(visitor, filled, coordinator, name):
    version = visitor.get(reverse("agreement-json", args=[filled.slug])).json()["data_version"]
    interim = visitor.get(address(filled, name, route="agreement-figure")).content.decode()
    lock_study(study=filled, by=coordinator)
    final = visitor.get(address(filled, name, route="agreement-figure")).content.decode()

    for drawn, state in ((interim, "interim: not locked"), (final, "final: the study is locked")):
        assert f"{filled.slug}; agreement between 2 readers, first reads of first MRIs" in drawn
        assert f"6 participants, 66 units; {state}; data version {version[:12]}" in drawn


@pytest.mark.parametrize("name", AGREEMENT_FIGURES)
@pytest.mark.parametrize("form", ["svg", "csv", "json"])
def test_agreement_names_no_diagnosis_group_and_is_no_look(visitor, filled, name, form):
    rename_group(filled, "DM", code="ZEBRA", name="Zebra")
    filled.hides_comparison = True
    filled.save()

    response = visitor.get(address(filled, name, form, "agreement-figure"))

    assert response.status_code == 200
    assert not re.search("zebra", response.content.decode(), re.IGNORECASE)
    assert not Look.objects.filter(study=filled).exists()


def test_agreement_is_of_the_coefficient_asked_for(visitor, filled):
    path = address(filled, "agreement-forest", "csv", "agreement-figure")

    one = visitor.get(path, {"coefficient": "ac2", "download": ""})

    assert one.content.decode().splitlines()[0] == 'Muscle,units,"Gwet’s AC2, quadratic weights",95 % interval'
    assert one["Content-Disposition"] == f'attachment; filename="{filled.slug}-agreement-forest-ac2.csv"'
    assert visitor.get(path, {"coefficient": "r"}).status_code == 422


@pytest.mark.parametrize("name", AGREEMENT_FIGURES)
def test_agreement_of_nobody_is_drawn_as_nothing(visitor, study, name):
    for form in ("svg", "csv", "json"):
        assert visitor.get(address(study, name, form, "agreement-figure")).status_code == 200


@pytest.mark.parametrize(("name", "form"), [("nothing", "svg"), ("boxplots", "tif"), ("thighs", "json")])
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

    drawn = [visitor.get(address(filled, "boxplots", "json"), {"set": name}).json() for name in ("all", "edema", "fat")]

    assert [figure["data"][0]["name"] for figure in drawn] == ["DM (n = 4)", "DM (n = 3)", "DM (n = 1)"]


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.plotly])
def test_json_is_what_plotly_draws(visitor, filled, name):
    figure = visitor.get(address(filled, name, "json")).json()

    assert set(figure) == {"data", "layout"}
    assert json.dumps(figure, allow_nan=False)


def test_csv_has_the_numbers_and_runs_no_formula(visitor, filled):
    participant = filled.participants.first()
    participant.code = "=1+1"
    with because("a slip"):
        participant.save()

    response = visitor.get(address(filled, "heatmap", "csv"))

    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == 6
    assert "'=1+1" in {row["Participant"] for row in rows}


def test_impossible_question_is_422_with_the_reason(visitor, filled):
    response = visitor.get(address(filled), {"set": "both"})

    assert response.status_code == 422
    assert "all, edema, fat" in response.content.decode()


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
    assert f"6 participants, 132 grades; interim: not locked; data version {version[:12]}" in drawn


def test_drawing_of_a_locked_study_is_final(visitor, filled, coordinator):
    lock_study(study=filled, by=coordinator)

    drawn = visitor.get(address(filled)).content.decode()

    assert f"{filled.slug}; all reads, edema before fat; a model per muscle" in drawn
    assert "final: the study is locked" in drawn
    assert "exploratory" not in drawn


def test_boxplots_say_what_their_marks_stand_for(visitor, filled):
    drawn = visitor.get(address(filled)).content.decode()

    assert "*** p &lt; 0.001, ** p &lt; 0.01, * p &lt; 0.05, NS not significant" in drawn
    assert "mixed model (Kenward–Roger), adjusted" in drawn


def test_a_printed_figure_is_as_its_address_asks(visitor, filled):
    asked = {"width": "89", "note": "0", "points": "0", "download": "1", "set": "edema"}

    svg, drawn = (visitor.get(address(filled, "boxplots", form), asked) for form in ("svg", "pdf"))

    assert 'width="89mm"' in svg.content.decode()
    assert filled.slug not in svg.content.decode()
    assert (drawn["Content-Type"], drawn.content[:5]) == ("application/pdf", b"%PDF-")
    name = f'filename="{filled.slug}-boxplots-edema-89mm-clean-no-points.pdf"'
    assert drawn["Content-Disposition"] == f"attachment; {name}"


@pytest.mark.parametrize(
    ("name", "form", "asked"),
    [
        ("boxplots", "svg", {"width": "90"}),
        ("boxplots", "pdf", {"note": "no"}),
        ("boxplots", "csv", {"width": "89"}),
        ("thighs", "pdf", {"width": "89"}),
        ("forest", "svg", {"points": "0"}),
    ],
)
def test_what_cannot_be_printed_is_422(visitor, filled, name, form, asked):
    assert visitor.get(address(filled, name, form), asked).status_code == 422


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_offers_every_way_that_a_figure_can_be_printed(visitor, filled, name):
    asked = {"figure": name, "set": "edema"}
    page = visitor.get(reverse("comparison", args=[filled.slug]), asked, follow=True).content.decode()

    form = re.search(r'<details class="for-print".*?</details>', page, re.DOTALL)[0]
    offered = {"width": ["183", *(["89"] if FIGURES[name].column else [])], "note": ["1", "0"]}
    offered |= {"points": ["1", "0"]} if name == "boxplots" else {}
    assert '<input type="hidden" name="set" value="edema">' in form
    for field, values in offered.items():
        select = re.search(rf'<select name="{field}">.*?</select>', form)[0]
        assert re.findall('value="(.*?)"', select) == values
        for value in values:
            assert visitor.get(address(filled, name), {"set": "edema", field: value}).status_code == 200
