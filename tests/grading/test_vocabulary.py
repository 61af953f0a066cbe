"""The words of files: each means one thing, and what the data have means itself."""

import pytest

from grading.anatomy import MUSCLE_CODES, SIDES
from grading.scale import FEATURES, SEQUENCES, STATUSES
from grading.vocabulary import WORDS, is_missing, meant, meant_by_slip

ALLOWED = {"muscle": MUSCLE_CODES, "side": SIDES, "feature": FEATURES, "sequence": SEQUENCES, "status": STATUSES}


@pytest.mark.parametrize("column", WORDS)
def test_every_word_means_the_value_that_it_stands_under(column):
    for value, others in WORDS[column].items():
        assert {meant(column, word) for word in (value, *others)} == {value}


@pytest.mark.parametrize("column", ALLOWED)
def test_every_value_has_its_words(column):
    assert tuple(WORDS[column]) == ALLOWED[column]


@pytest.mark.parametrize("word", ["", "biceps femoris", "vastus", "adductor magnus", "10", "head", "?"])
def test_what_could_be_several_muscles_is_none(word):
    assert meant("muscle", word) is None


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("sex", "m/f"),
        ("sex", "F (m)"),
        ("sex", "f?"),
        ("flag", "yes?"),
        ("flag", "1?"),
        ("muscle", "VL?"),
        ("side", "L/R"),
    ],
)
def test_what_is_said_in_doubt_or_two_ways_is_no_word(column, word):
    assert meant(column, word) is None


def test_a_slip_is_no_word_but_has_a_hint():
    assert (meant("muscle", "gracillis"), meant_by_slip("muscle", "gracillis")) == (None, "GR")


def test_numbers_are_flags_by_their_value():
    assert [meant("flag", word) for word in ("1.0", "0,0", "1", "10", "01", "2")] == [
        "true", "false", "true", None, None, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "sequence"),
    [
        ("T1 axial", "T1W"),
        ("STIR coronal", "STIR"),
        ("T2 fs ax", "T2FS"),
        ("ax T2 FS", "T2FS"),
        ("T1w_TSE_tra", "T1W"),
        ("t2_tirm_cor", "STIR"),
        ("axial", None),
        ("T2 axial", None),
        ("T1 post Gd axial", None),
        ("T1 cor, STIR ax", None),
    ],
)
def test_plane_beside_a_sequence_is_left_out(word, sequence):
    assert meant("sequence", word) == sequence


def test_yes_of_a_database_is_a_flag():
    assert (meant("flag", "-1"), "-1" in WORDS["flag"]["true"]) == ("true", True)


def test_missing_values_in_any_case():
    assert all(map(is_missing, ["", "na", "NaN", "#N/A", "<na>", ".", "-", "NULL"]))
    assert not any(map(is_missing, ["0", "no", "none", "nan1"]))
