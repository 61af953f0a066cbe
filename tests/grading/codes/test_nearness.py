"""Words that differ by a slip of typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.codes.nearness import are_near, distance, nearest

WORD = st.text("IMND", max_size=6)


@pytest.mark.parametrize(
    ("word", "other", "steps"), [("IMMN", "IMNM", 1), ("DM", "PM", 1), ("", "DM", 2), ("CA", "ABC", 3), ("DM", "DM", 0)]
)
def test_distance(word, other, steps):
    assert distance(word, other) == steps


@given(WORD, WORD)
def test_distance_is_the_same_both_ways_and_no_longer_than_the_longer_word(word, other):
    assert distance(word, other) == distance(other, word) <= max(len(word), len(other))
    assert (distance(word, other) == 0) == (word == other)


@pytest.mark.parametrize(
    ("word", "other"),
    [("IMMN", "IMNM"), ("imnm", "IMNM"), ("IMNMs", "IMNM"), ("Dermatomyosites", "Dermatomyositis")],
)
def test_slips(word, other):
    assert are_near(word, other)
    assert nearest(word, ["XYZ", other]) == other


@pytest.mark.parametrize(
    ("word", "other"),
    [("DM", "PM"), ("IBM", "IMB"), ("arm1", "arm2"), ("IMNM", "IMNM"), ("control", "cohort")],
)
def test_other_words(word, other):
    assert not are_near(word, other)


def test_word_of_millions_of_letters_is_near_none():
    assert nearest("M" * 10_000_000, ["IMNM", "Dermatomyositis"]) is None
