"""Lines below a drawing: within its width, on its paper, and words whatever they hold."""

import re
from xml.etree import ElementTree

import pytest

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES
from tests.analysis.figure.answers import answer, data_of


@pytest.mark.parametrize(
    ("figure", "case"),
    [
        *((figure, "25 participants") for figure in FIGURES.values()),
        *((figure, "three readers") for figure in AGREEMENT_FIGURES.values()),
    ],
)
def test_caption_lengthens_the_drawing_and_its_paper(figure, case):
    plain, captioned = (ElementTree.fromstring(figure.svg(data_of(case), caption=lines)) for lines in ([], ["a", "b"]))

    added = float(captioned.get("height")) - float(plain.get("height"))
    assert added == 45
    assert captioned.get("viewBox").split()[-1] == captioned.get("height")
    paper = captioned.find("{http://www.w3.org/2000/svg}path").get("d")
    assert f"v{captioned.get('height')}" in paper


def test_caption_that_is_too_long_ends_with_an_ellipsis():
    svg = FIGURES["forest"].svg(
        answer("25 participants"), caption=["reads by " + ", ".join(["reader"] * 100)], width=600
    )

    assert re.search(r"reads by [reader, ]+…</text>", svg)


def test_caption_is_words_never_markup():
    svg = FIGURES["forest"].svg(answer("25 participants"), caption=["<script>alert(1)</script> &amp; more"])

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; more" in svg
    ElementTree.fromstring(svg)
