"""A figure that is added to the catalogue is everywhere that figures are, without another edit."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from analysis.figure.catalogue import FIGURES, Figure
from analysis.figure.layout import axis, figure
from analysis.figure.tables import Table

pytestmark = pytest.mark.django_db


def dots(result, participant_means, groups):
    values = [muscle["estimate"] or 0 for muscle in result["muscles"]]
    trace = {
        "type": "scatter",
        "x": values,
        "y": values,
        "mode": "markers",
        "marker": {"symbol": "circle", "size": 5, "color": "#123456"},
    }
    axes = {name: axis(range=[-3, 3], tickvals=[0]) for name in ("xaxis", "yaxis")}
    return figure([trace], height=200, margin={"l": 40, "r": 40, "t": 40, "b": 40}, **axes)


def dots_table(result, participant_means, groups):
    return Table(("Muscle", "estimate"), tuple((muscle["muscle"], "1") for muscle in result["muscles"]))


@pytest.fixture
def added(monkeypatch):
    new = Figure("dots", "Dots of the differences", "A dot for each muscle.", dots_table, dots, tab="Dots")
    monkeypatch.setitem(FIGURES, new.name, new)
    return new


@pytest.fixture
def shown(visitor, filled, added):
    return visitor.get(reverse("comparison", args=[filled.slug]), {"figure": added.name}).content.decode()


def test_it_has_its_tab_its_drawing_its_words_and_its_table(shown):
    assert re.search(r'<a href="[^"]*figure=dots" aria-current="true" title="Dots of the differences">Dots</a>', shown)
    assert "<title>Dots of the differences, DM and IMNM</title>" in shown
    assert "A dot for each muscle." in shown
    assert 'data-fold="table-dots"' in shown


@pytest.mark.parametrize("form", ["svg", "csv", "json"])
def test_it_has_its_files(visitor, filled, added, form):
    assert visitor.get(reverse("figure", args=[filled.slug, added.name, form])).status_code == 200


def test_it_lies_in_the_bundle(visitor, filled, added):
    response = visitor.get(reverse("bundle", args=[filled.slug]))

    with ZipFile(BytesIO(response.content)) as bundle:
        assert any(name.endswith("/figures/dots.svg") for name in bundle.namelist())


def test_every_figure_has_a_tab(visitor, filled):
    page = visitor.get(reverse("comparison", args=[filled.slug])).content.decode()

    tabs = re.search(r'aria-label="Figure">(.*?)</nav>', page, re.DOTALL)[1]
    assert re.findall(r">([^<>]+)</a>", tabs) == [figure.tab for figure in FIGURES.values()]
