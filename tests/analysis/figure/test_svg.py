"""Still figures: valid SVG without a style, small, the same numbers, and words that are never markup."""

import gzip
import re
from copy import deepcopy
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from analysis.figure.boxplots import boxplots
from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES, by_name
from analysis.figure.svg.render import render
from analysis.figure.text_width import fitted, text_width
from grading.anatomy import MUSCLES
from tests.analysis.figure.answers import AGREEMENT_CASES, CASES, EVERY, IDS, agreement, answer, data_of

SVG = "{http://www.w3.org/2000/svg}"
PAGE = 60_000  # bytes of the first response that all of the page may take, compressed


def parsed(svg):
    return ElementTree.fromstring(svg)


def texts(svg):
    return [text.text for text in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["print", "screen"])
@pytest.mark.parametrize(("figure", "case"), EVERY, ids=IDS)
def test_is_a_named_image_without_styles_scripts_or_what_is_no_number(figure, case, theme):
    svg = figure.svg(data_of(case), theme=theme)

    root = parsed(svg)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert root[0].tag == f"{SVG}title"
    assert root[0].text
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "g", "path", "circle", "text",
    }  # fmt: skip
    assert not [element for element in root.iter() for key in element.keys() if key == "style" or key.startswith("on")]  # noqa: SIM118
    assert not re.search(r"nan|inf\b|None", svg.replace("informative", ""))


@pytest.mark.parametrize("case", CASES)
def test_first_paint_leaves_most_of_the_page_to_the_page(case):
    svg = FIGURES["boxplots"].svg(answer(case), theme="screen")

    assert len(gzip.compress(svg.encode())) < PAGE / 4


@pytest.mark.parametrize("name", AGREEMENT_FIGURES)
@pytest.mark.parametrize("case", AGREEMENT_CASES)
def test_agreement_is_light_too(name, case):
    svg = AGREEMENT_FIGURES[name].svg(agreement(case), theme="screen")

    assert len(gzip.compress(svg.encode())) < PAGE / 4


@pytest.mark.parametrize("name", AGREEMENT_FIGURES)
def test_readers_are_words_never_markup(name):
    svg = AGREEMENT_FIGURES[name].svg(agreement("readers of markup"))

    assert "<script" not in svg
    assert "<b>" not in svg


@pytest.mark.parametrize("name", FIGURES)
def test_names_are_words_never_markup(name):
    svg = FIGURES[name].svg(answer("markup"))

    assert "<script" not in svg
    assert "<i>" not in svg
    if name in ("boxplots", "grades"):
        assert "DM \"y' <script>alert(1)</script> &amp; (n = 12)" in texts(svg)


def test_words_are_those_of_the_figure():
    figure = boxplots(*answer("25 participants"))

    found = texts(render(figure, title="x"))

    assert [word for word in found if word in {muscle.label for muscle in MUSCLES}] == [m.label for m in MUSCLES]
    assert {note["text"] for note in figure["layout"]["annotations"]} <= set(found)
    assert figure["layout"]["yaxis"]["title"]["text"] in found


def test_every_participant_is_a_mark():
    root = parsed(FIGURES["boxplots"].svg(answer("25 participants")))

    assert len(list(root.iter(f"{SVG}circle"))) == 11 * 11  # of the compared group; the reference has squares


def test_print_knows_one_colour_each_and_the_screen_two():
    assert "light-dark" not in FIGURES["heatmap"].svg(answer("25 participants"))
    assert "light-dark(#15181b,#e6e8ea)" in FIGURES["heatmap"].svg(answer("25 participants"), theme="screen")


def test_what_the_renderer_does_not_know_is_an_error():
    figure = deepcopy(boxplots(*answer("25 participants")))
    figure["data"][2]["marker"]["symbol"] = "star"

    with pytest.raises(KeyError):
        render(figure, title="x")
    with pytest.raises(KeyError):
        render(figure, title="x", theme="sepia")


@pytest.mark.parametrize(
    ("other", "unknown"),
    [({"type": "violin"}, "violin"), ({"type": "scattergl"}, "scattergl"), ({"mode": "markers+text"}, "text")],
)
def test_trace_that_the_renderer_does_not_know_is_an_error(other, unknown):
    figure = deepcopy(boxplots(*answer("25 participants")))
    scatter = next(trace for trace in figure["data"] if trace["type"] == "scatter")
    scatter |= other

    with pytest.raises(ValueError, match=f"draws no {unknown}"):
        render(figure, title="x")


def test_two_figures_of_one_name_or_one_tab_are_no_catalogue():
    boxes = FIGURES["boxplots"]

    for other in (replace(boxes, tab="Another"), replace(boxes, name="another")):
        with pytest.raises(ValueError, match="Two figures are called"):
            by_name(boxes, other)


@pytest.mark.parametrize("width", [0, 5, 20, 60, 400])
def test_fitted_text_is_within_its_width(width):
    text = fitted("immune-mediated necrotizing myopathy", width, 12)

    assert text_width(text, 12) <= width or text == "…"
