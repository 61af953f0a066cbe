"""Lines below a drawing: within its width, on its paper, and words whatever they hold."""

import re
from xml.etree import ElementTree

import pytest

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES
from analysis.figure.text_width import text_width
from tests.analysis.figure.answers import EVERY, IDS, answer, data_of


@pytest.mark.parametrize(
    ("figure", "case"),
    [
        *((figure, "25 participants") for figure in FIGURES.values()),
        *((figure, "three readers") for figure in AGREEMENT_FIGURES.values()),
    ],
)
def test_caption_lengthens_the_drawing_and_its_paper(figure, case):
    plain, captioned = (ElementTree.fromstring(figure.svg(data_of(case), caption=lines)) for lines in ([], ["a", "b"]))

    added = height(captioned) - height(plain)
    assert added == 45
    paper = captioned.find("{http://www.w3.org/2000/svg}path").get("d")
    assert f"v{height(captioned):g}" in paper


@pytest.mark.parametrize(("figure", "case"), EVERY, ids=IDS)
def test_caption_that_is_too_long_is_wrapped_whole_onto_lengthened_paper(figure, case):
    words = "reads by " + ", ".join(f"reader{number}" for number in range(100))

    svg = figure.svg(data_of(case), caption=[words, "last"])

    root = ElementTree.fromstring(svg)
    written = [text for text in root if text.tag.endswith("}text") and text.get("font-size") == "12"]
    whole = " ".join(text.text for text in written)
    assert f"{words} last" in whole
    assert "…" not in whole.split("reads by")[1]
    assert all(text_width(text.text, 12) <= float(root.get("viewBox").split()[2]) for text in written)
    assert max(float(text.get("y")) for text in written) < height(root)


def height(root) -> float:
    return float(root.get("viewBox").split()[3])


def test_only_a_word_that_is_wider_than_the_paper_is_cut():
    svg = FIGURES["forest"].svg(answer("25 participants"), caption=["W" * 300], width=600)

    assert re.search(r">W+…</text>", svg)


def test_caption_is_words_never_markup():
    svg = FIGURES["forest"].svg(answer("25 participants"), caption=["<script>alert(1)</script> &amp; more"])

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; more" in svg
    ElementTree.fromstring(svg)
