"""Titles for readers that name a group, and names that mix alphabets."""

import pytest

from grading.codes.alphabets import mixed_alphabets
from grading.codes.naming import named_group

GROUPS = [("IMNM", "IMNM"), ("DM", "DM")]


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("Thighs in IMNM", "IMNM"),
        ("I M N M", "IMNM"),
        ("i.m.n.m.", "IMNM"),
        ("I\N{CYRILLIC CAPITAL LETTER EM}N\N{CYRILLIC CAPITAL LETTER EM}", "IMNM"),
        ("d\N{CYRILLIC SMALL LETTER EM} thighs", "DM"),
        ("1MNM", "IMNM"),
        ("ＩＭＮＭ", "IMNM"),
        ("imnm-study", "IMNM"),
        ("DMstudy", "DM"),
        ("D-M", "DM"),
        ("Dermatomyositis vs necrotising", "IMNM"),
        ("Necrotizing myopathy vs dermatomyositis", "IMNM"),
        ("Dermato-myositis", "DM"),
        ("d e r m a t o m y o s i t i s", "DM"),
        ("Derm\N{CYRILLIC SMALL LETTER A}tomyositis", "DM"),
        ("Nekrotisierende Myopathie", "IMNM"),
        ("Myopathie nécrosante", "IMNM"),
    ],
)
def test_title_that_names_a_group(title, group):
    assert named_group(title, GROUPS) == group


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Reading study",
        "Admiral",
        "ADMISSION",
        "admission of Miller",
        "HDMI",
        "Madman",
        "Random order",
        "Thigh MRI of one cross-section",
        "Myositis reading study 2025",
        "Immune-mediated myopathies",
        "MD",
        "Thighs (demo)",
        "Anecdotal",
        "Dr. Miller's thighs",
        "Rows and columns",
    ],
)
def test_title_that_names_none(title):
    assert named_group(title, GROUPS) is None


def test_names_of_groups_and_the_words_in_them_count():
    groups = [("A", "Immune-mediated necrotizing myopathy"), ("B2", "Healthy volunteers")]

    named = {
        title: named_group(title, groups)
        for title in ("Thighs, necrotising", "IMNM thighs", "B 2", "Volunteers' thighs")
    }

    assert named == {"Thighs, necrotising": "A", "IMNM thighs": "A", "B 2": "B2", "Volunteers' thighs": "B2"}
    assert named_group("Dermatomyositis", groups) is None
    assert named_group("Immune-mediated muscle disease", groups) is None


@pytest.mark.parametrize(
    ("name", "alphabets"),
    [
        ("re\N{CYRILLIC SMALL LETTER A}der1", ["Cyrillic", "Latin"]),
        ("\N{GREEK SMALL LETTER RHO}eader", ["Greek", "Latin"]),
        ("reader1", []),
        ("jörg.müller@x", []),
        ("田中さん", []),
        ("tanaka田中", []),
        ("читатель1", []),
    ],
)
def test_alphabets_that_do_not_go_together(name, alphabets):
    assert mixed_alphabets(name) == alphabets
