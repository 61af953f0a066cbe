"""Codes that are easily taken for one another."""

from itertools import pairwise

import pytest
from confusable_homoglyphs.confusables import confusables_data
from hypothesis import given
from hypothesis import strategies as st

from grading.codes.similarity import Similar, are_similar, similar_codes
from grading.codes.skeleton import skeleton

PARTS = st.lists(st.sampled_from(["TM", "tm", "P", "é", "Ω", "7", "10", "201"]), min_size=1, max_size=4)
GAPS = ["", " ", "-", "_", "\N{EN DASH}", "\N{MINUS SIGN}"]


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("TM201", "tm201"),
        ("007", "7"),
        ("TM007", "TM7"),
        ("TM 202", "TM202"),
        ("TM-202", "TM\N{EN DASH}202"),
        ("TM_202", "TM 202"),
        ("P-01", "p1"),
        ("TM201", "\N{CYRILLIC CAPITAL LETTER TE}\N{CYRILLIC CAPITAL LETTER EM}201"),
        ("TM201", "\N{CYRILLIC SMALL LETTER TE}\N{CYRILLIC SMALL LETTER EM}201"),
        ("reader1", "re\N{CYRILLIC SMALL LETTER A}der1"),
        ("v1", "\N{GREEK SMALL LETTER NU}1"),
        ("TMO1", "TM01"),
        ("PI", "P1"),
        ("Pl", "P1"),
        ("TM201", "ＴＭ２０１"),
        ("TM201", "TM\N{ARABIC-INDIC DIGIT TWO}\N{ARABIC-INDIC DIGIT ZERO}\N{ARABIC-INDIC DIGIT ONE}"),
        ("straße", "STRASSE"),
        ("P04", "P04\N{COMBINING ACUTE ACCENT}"),
        ("A1", "À1"),
        ("i1", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}1"),
    ],
)
def test_similar(code, other):
    assert are_similar(code, other)
    assert are_similar(other, code)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("P1", "P2"),
        ("P1", "P10"),
        ("P10", "P100"),
        ("TM201", "TM202"),
        ("Müller", "Möller"),
        ("IMNM", "DM"),
        ("P-0", "P-1"),
        ("7", "7"),
    ],
)
def test_not_similar(code, other):
    assert not are_similar(code, other)


@given(PARTS, st.lists(st.sampled_from(GAPS), min_size=4, max_size=4), st.booleans())
def test_gaps_capitals_and_leading_zeros_make_no_other_code(parts, gaps, zeros):
    code = "-".join(parts)
    padded = [f"00{part}" if zeros and part.isdigit() else part for part in parts]
    other = "".join(gap + part for gap, part in zip(gaps, padded, strict=False)).swapcase()

    touching = [pair for gap, pair in zip(gaps[1:], pairwise(parts), strict=False) if not gap]
    if zeros and any(a.isdigit() and b.isdigit() for a, b in touching):
        return  # zeros between two numbers that run together lead no number
    assert other == code or are_similar(code, other)


@given(st.text(max_size=8), st.text(max_size=8))
def test_it_does_not_matter_which_comes_first(code, other):
    assert are_similar(code, other) == are_similar(other, code)


def test_every_letter_is_similar_to_the_one_that_unicode_takes_it_for():
    sources = [character for character in confusables_data if len(character) == 1 and character.isalnum()]

    unlike = [
        source
        for source in sources
        if not are_similar(f"x{source}", f"x{skeleton(source)}") and skeleton(source) != source
    ]

    assert len(sources) > 3000
    assert unlike == []


@given(st.text())
def test_a_skeleton_is_its_own(text):
    assert skeleton(skeleton(text)) == skeleton(text)


def test_each_new_code_is_paired_once_and_known_ones_are_not_asked_about_again():
    pairs = similar_codes(["tm1", "TM-1", "P1", "P2", "TM-1"], known=["TM1", "T-M1", "p01"])

    assert pairs == [Similar("tm1", "TM1"), Similar("TM-1", "TM1"), Similar("P1", "p01")]
