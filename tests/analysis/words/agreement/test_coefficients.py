"""Coefficients of agreement and what is to be known of them, in words."""

import pytest

from analysis.stats.agreement.summary import COEFFICIENTS as CODES
from analysis.words.agreement.coefficients import COEFFICIENTS, estimate_text, notes_in_words

NOTES = [
    {"reason": "no variance between units", "coefficients": ["icc_2_1", "icc_3_1"]},
    {"reason": "no interval from one participant", "coefficients": ["alpha_ordinal"]},
]


def test_every_coefficient_has_its_words():
    assert tuple(coefficient.code for coefficient in COEFFICIENTS) == CODES


@pytest.mark.parametrize(
    ("among", "text"),
    [
        (CODES, "ICC(2,1), ICC(3,1): no variance between units; alpha: no interval from one participant"),
        (("exact", "icc_2_1"), "ICC(2,1): no variance between units"),
        (("exact",), ""),
    ],
)
def test_notes_are_about_the_coefficients_that_are_shown(among, text):
    assert notes_in_words({"notes": NOTES}, among) == text


def test_a_reason_for_everything_names_no_coefficient():
    assert notes_in_words({"notes": [{"reason": "no reads", "coefficients": []}]}, ("exact",)) == "no reads"


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [(0.934, 0.91, 0.946, "0.93 [0.91, 0.95]"), (-0.5, None, None, "−0.50"), (None, None, None, "–")],
)
def test_an_estimate_has_its_interval_where_there_is_one(value, low, high, text):
    assert estimate_text({"value": value, "ci_low": low, "ci_high": high}) == text
