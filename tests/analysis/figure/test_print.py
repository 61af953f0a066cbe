"""What is printed: widths in millimetres, a font that is named, clean or with its note, and the same as PDF."""

import re
from xml.etree import ElementTree

import pytest

from analysis.figure.catalogue import FIGURES
from analysis.figure.group import Group
from analysis.figure.pdf.render import pdf
from analysis.figure.print_form import PrintForm
from analysis.stats.question import UnanswerableError
from tests.analysis.figure.answers import EVERY, IDS, answer, data_of

SVG = "{http://www.w3.org/2000/svg}"
DATA = "25 participants"
in_one_column = pytest.mark.parametrize("figure", [each for each in FIGURES.values() if each.column])


def texts(svg: str) -> list[str]:
    return [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def millimetres(svg: str) -> float:
    return float(ElementTree.fromstring(svg).get("width").removesuffix("mm"))


@pytest.mark.parametrize(("figure", "case"), EVERY, ids=IDS)
def test_every_figure_is_a_pdf_of_its_size_with_its_font_within(figure, case):
    svg = figure.printed(data_of(case), PrintForm(), "origin")

    drawn = pdf(svg)

    width, height = (float(number) for number in re.search(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", drawn).groups())
    _, _, across, down = map(float, ElementTree.fromstring(svg).get("viewBox").split())
    assert drawn.startswith(b"%PDF-")
    assert width == pytest.approx(183 / 25.4 * 72, abs=0.01)
    assert height == pytest.approx(width * down / across, abs=0.01)
    assert re.findall(rb"/BaseFont /(\S+)", drawn)
    assert all(b"BitstreamVera" in name for name in re.findall(rb"/BaseFont /(\S+)", drawn))
    assert drawn == pdf(svg)


@in_one_column
def test_one_column_is_narrower_with_letters_that_can_be_read(figure):
    svg = figure.printed(answer(DATA), PrintForm(millimetres=89))

    _, _, across, _ = map(float, ElementTree.fromstring(svg).get("viewBox").split())
    assert millimetres(svg) == 89
    assert 13 * 89 / across * 72 / 25.4 > 4.5  # points of most letters


@pytest.mark.parametrize("figure", FIGURES.values())
def test_a_clean_figure_says_the_same_without_the_lines_below(figure):
    noted, clean = (texts(figure.printed(answer(DATA), PrintForm(has_note=note), "of the study")) for note in (1, 0))

    assert noted[: len(clean)] == clean
    assert "of the study" in noted[len(clean) :]
    assert "of the study" not in clean


def test_without_points_only_who_is_beyond_the_whiskers_stays():
    boxplots = FIGURES["boxplots"]
    counts = [
        len(list(ElementTree.fromstring(boxplots.printed(answer(DATA), form)).iter(f"{SVG}circle")))
        for form in (PrintForm(), PrintForm(has_points=False))
    ]

    assert counts[0] > 100
    assert 0 < counts[1] < 10


def test_print_names_a_font_that_other_programs_have():
    family = ElementTree.fromstring(FIGURES["forest"].printed(answer(DATA), PrintForm())).get("font-family")

    assert family.split(",")[0] == "Arial"
    assert "system-ui" not in family


def test_a_letter_that_the_font_of_a_pdf_lacks_is_said():
    result, means, groups = answer(DATA)
    named = (groups[0], Group("DM", "дерматомиозит", "#D55E00"))
    svg = FIGURES["boxplots"].printed((result, means, named), PrintForm())

    with pytest.raises(UnanswerableError, match="font of the PDF has no “д”"):
        pdf(svg)
