"""What a question is restricted to, in words."""

import pytest

from analysis.stats.question import Question
from analysis.words.question.restrictions import exploratory, restrictions


def asked(**restriction):
    return Question("IMNM", "DM", **restriction)


@pytest.mark.parametrize(
    ("restriction", "words"),
    [
        ({"sex": "female"}, "Subgroup, exploratory: female participants only."),
        ({"autoantibody": "SRP"}, "Subgroup, exploratory: participants with autoantibody SRP only."),
        ({"sequence": "T1W"}, "Exploratory: reads on T1W only."),
        ({"readers": ("a", "b", "c")}, "Exploratory: reads by a, b and c only."),
        (
            {"sex": "male", "autoantibody": "SRP", "sequence": "STIR", "readers": ("a",)},
            "Subgroup, exploratory: male participants with autoantibody SRP, reads on STIR by a only.",
        ),
    ],
)
def test_a_restricted_question_says_what_it_is_about(restriction, words):
    assert exploratory(asked(**restriction)).startswith(f"{words} Trying one restriction after another")


def test_the_plain_question_is_not_exploratory():
    assert exploratory(asked(analysis_set="edema", model="joint")) == ""
    assert restrictions(asked()) == []


def test_each_restriction_is_taken_back_alone():
    taken_back = {each.text: each.without for each in restrictions(asked(readers=("a", "b"), sex="male"))}

    assert taken_back == {
        "reader a": asked(readers=("b",), sex="male"),
        "reader b": asked(readers=("a",), sex="male"),
        "male": asked(readers=("a", "b")),
    }
