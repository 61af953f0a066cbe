"""Words in figures stand out from what they lie on, which axe-core cannot see inside a drawing."""

from itertools import pairwise

import pytest

from analysis.figure.palette import (
    ACCENT,
    GRADE_INKS,
    GRADES,
    INK,
    MUTED,
    NO_DIFFERENCE,
    PAPER,
    THEMES,
    colour,
    grade_stops,
    ink_on,
    mixed,
    resolved,
    resolved_stops,
    shade,
)
from grading.scale import SCORES

LEAST = 4.5  # WCAG 2.2, 1.4.3
SHARES = [step / 100 for step in range(101)]


def contrast(one, other):
    """WCAG's ratio, by its own formula."""

    def luminance(colour):
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_ratio_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ink", [INK, MUTED])
def test_words_stand_out_from_paper_and_from_the_dark_page(ink):
    for theme in THEMES:
        assert contrast(resolved(ink, theme), resolved(PAPER, theme)) >= LEAST


@pytest.mark.parametrize("share", SHARES)
def test_words_stand_out_from_every_shade_of_the_grades(share):
    for theme in THEMES:
        shown = shade(share, resolved_stops(grade_stops(), theme))
        assert contrast(ink_on(shown), shown) >= LEAST


@pytest.mark.parametrize("share", SHARES)
def test_words_stand_out_from_every_difference(share):
    stops = [(0.0, "#009E73"), (0.5, NO_DIFFERENCE), (1.0, "#D55E00")]

    for theme in THEMES:
        shown = shade(share, resolved_stops(stops, theme))
        assert contrast(ink_on(shown), shown) >= LEAST


def test_steps_of_the_grades_are_told_apart():
    for theme in THEMES:
        for one, other in pairwise(resolved(grade, theme) for grade in GRADES):
            assert contrast(one, other) >= 1.3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("score", SCORES)
def test_digits_stand_out_from_the_bar_of_their_grade(score, theme):
    assert contrast(resolved(GRADE_INKS[score], theme), resolved(GRADES[score], theme)) >= LEAST


@pytest.mark.parametrize("theme", THEMES)
def test_marks_of_agreement_stand_out_from_paper(theme):
    assert contrast(resolved(ACCENT, theme), resolved(PAPER, theme)) >= LEAST


def test_colours_mix_from_the_one_to_the_other():
    assert [mixed("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == ["#000000", "#808080", "#ffffff"]


def test_a_name_that_is_not_in_the_palette_is_an_error():
    with pytest.raises(KeyError):
        colour("chartreuse")
    with pytest.raises(KeyError):
        resolved("var(--chartreuse)", "print")
    with pytest.raises(KeyError):
        resolved(INK, "sepia")
