"""Words in figures stand out from what they lie on, which axe-core cannot see inside a drawing."""

from itertools import pairwise

import pytest

from analysis.figure.palette import (
    DARK,
    GRADES,
    INK,
    MUTED,
    NO_DIFFERENCE,
    PAPER,
    grade_stops,
    in_dark,
    ink_on,
    mixed,
    shade,
)

LEAST = 4.5  # WCAG 2.2, 1.4.3
SHARES = [step / 100 for step in range(101)]
DARK_SURFACE = "#17191c"


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
    assert contrast(ink, PAPER) >= LEAST
    assert contrast(DARK[ink], DARK_SURFACE) >= LEAST


@pytest.mark.parametrize("share", SHARES)
def test_words_stand_out_from_every_shade_of_the_grades(share):
    stops = grade_stops()
    dark = [(stop, in_dark(colour)) for stop, colour in stops]

    for colour in (shade(share, stops), shade(share, dark)):
        assert contrast(ink_on(colour), colour) >= LEAST


@pytest.mark.parametrize("share", SHARES)
def test_words_stand_out_from_every_difference(share):
    stops = [(0.0, "#009E73"), (0.5, NO_DIFFERENCE), (1.0, "#D55E00")]
    dark = [(stop, in_dark(colour)) for stop, colour in stops]

    for colour in (shade(share, stops), shade(share, dark)):
        assert contrast(ink_on(colour), colour) >= LEAST


def test_steps_of_the_grades_are_told_apart():
    for one, other in pairwise(GRADES):
        assert contrast(one, other) >= 1.3
    assert mixed(GRADES[0], GRADES[1], 0) == GRADES[0]
