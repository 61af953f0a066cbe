"""What may stand in a code."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.codes.spelling import composed, is_unseen, seen, why_unseen

UNSEEN = ["\u200b", "\u00ad", "\u200c", "\u200e", "\u202e", "\u2060", "\ufeff", "\x00", "\x7f", "\ud800", "\ue000"]
UNSEEN += ["\u0378", "\u2028", "\u2029", "\u00a0", "\u3000", "\u034f", "\u3164", "\ufe0f", "\u2800", "\U000e0041"]
ANY_TEXT = st.text(st.characters() | st.sampled_from([*UNSEEN, " ", "\t", "e", "\u0301"]), max_size=12)


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
@pytest.mark.parametrize(
    "place",
    [0, 2, 5],
)
def test_what_cannot_be_seen_is_told_with_code_point_and_place(character, place):
    code = "TM201"[:place] + character + "TM201"[place:]

    why = why_unseen(code)

    assert f"(U+{ord(character):04X}, place {place + 1})" in why
    assert is_unseen(character)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("TM201\u200b", "holds ZERO WIDTH SPACE (U+200B, place 6); write TM201"),
        ("TM\u00a0201", "holds NO-BREAK SPACE (U+00A0, place 3); write TM 201"),
        ("TM\n201", "holds a line break (U+000A, place 3); write TM 201"),
        ("TM  202", "holds two blanks in a row (place 3); write TM 202"),
        (" TM202", "holds a blank at its beginning; write TM202"),
        ("TM202 ", "holds a blank at its end; write TM202"),
        ("\u200b", "holds ZERO WIDTH SPACE (U+200B, place 1), and nothing else"),
    ],
)
def test_what_would_be_right(code, expected):
    assert why_unseen(code) == expected


@pytest.mark.parametrize(
    "code",
    ["TM201", "TM 201", "Müller", "007", "ТМ-201", "患者1", "P/1.2_(a)", "αMDA5"],
)
def test_what_can_be_seen_is_let_through(code):
    assert why_unseen(code) is None


def test_letters_with_marks_have_one_spelling():
    assert composed("Mu\u0308ller") == composed("Müller") == "Müller"


@given(ANY_TEXT)
def test_what_is_proposed_is_right_and_stays(text):
    meant = seen(text)

    assert why_unseen(meant) is None
    assert seen(meant) == meant == unicodedata.normalize("NFC", meant)


@given(ANY_TEXT)
def test_a_text_is_let_through_exactly_if_nothing_else_would_be_proposed(text):
    text = composed(text)

    assert (why_unseen(text) is None) == (seen(text) == text)
