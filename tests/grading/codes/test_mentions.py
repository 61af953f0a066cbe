"""Texts that mention a code, in whatever spelling."""

import pytest

from grading.codes.mentions import mentioned


@pytest.mark.parametrize(
    "text", ["P-014", "see p014.", "P 014", "P\N{HYPHEN}14", "\N{CYRILLIC CAPITAL LETTER ER}014", "scan of (P_014)"]
)
def test_code_is_mentioned_however_it_is_written(text):
    assert mentioned(text, ["A-1", "P-014"]) == "P-014"


@pytest.mark.parametrize(("text", "code"), [("P-0141", "P-014"), ("xP-014", "P-014"), ("a 1", "A1"), ("14", "P-014")])
def test_other_words_mention_nothing(text, code):
    assert mentioned(text, [code]) is None


@pytest.mark.parametrize(("text", "is_mentioned"), [("it is a 3", False), ("it is 003", True)])
def test_number_alone_is_mentioned_as_it_is_written(text, is_mentioned):
    assert (mentioned(text, ["003"]) == "003") is is_mentioned
