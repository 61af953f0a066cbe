"""Numbers and names as running text has them."""

import pytest

from analysis.words.prose import listed, sentence


@pytest.mark.parametrize(("names", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a or b"), ("abc", "a, b or c")])
def test_names_are_listed(names, text):
    assert listed(names, "or") == text


def test_lists_say_and_unless_they_are_told_otherwise():
    assert listed(name for name in "abc") == "a, b and c"


@pytest.mark.parametrize("text", ["it is so", "It is so.", "it is so..."])
def test_a_sentence_has_a_capital_and_one_full_stop(text):
    assert sentence(text) == "It is so."
