"""A question's key: what a database stores and compares."""

import json

from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.covariates import COVARIATES
from analysis.stats.question import Question

codes = st.text(max_size=4)
asked = st.builds(
    Question,
    reference=codes,
    compared=codes,
    analysis_set=st.sampled_from(["all", "edema", "fat"]),
    model=st.sampled_from(["per-muscle", "joint"]),
    sequence=st.sampled_from(["", "STIR", "T1W"]),
    readers=st.lists(codes, max_size=3),
    sex=st.sampled_from(["", "female", "male"]),
    autoantibody=codes,
    adjust=st.lists(st.sampled_from([*COVARIATES])),
)


def test_the_plain_question_names_its_four_parts():
    key = Question("IMNM", "DM").key

    assert key == '{"analysis_set":"all","compared":"DM","model":"per-muscle","reference":"IMNM"}'


def test_readers_are_the_same_in_whatever_order_they_are_named():
    one, other = Question("A", "B", readers=("r2", "r1")), Question("A", "B", readers=("r1", "r2", "r1"))

    assert one == other
    assert one.key == other.key


@given(one=asked, other=asked)
def test_keys_are_equal_exactly_where_the_questions_are(one, other):
    assert (one.key == other.key) == (one == other)


@given(question=asked)
def test_the_question_is_read_back_from_its_key(question):
    assert Question(**json.loads(question.key)) == question


def test_a_restriction_of_any_kind_is_not_plain():
    restrictions = ({"sequence": "STIR"}, {"readers": ("r1",)}, {"sex": "male"}, {"autoantibody": "HMGCR"})

    assert Question("A", "B", analysis_set="edema", model="joint").is_unrestricted
    assert not any(Question("A", "B", **restriction).is_unrestricted for restriction in restrictions)
    assert [Question("A", "B", **restriction).has_subgroup for restriction in restrictions] == [0, 0, 1, 1]
