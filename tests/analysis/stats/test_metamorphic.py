"""What must not change the answer, and what must change it in a known way."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttest_ind

from analysis.stats.comparison import Comparison
from analysis.stats.frame.canonical import data_version
from tests.analysis.stats.comparison_frames import cohort, compare, frame_of

MUSCLES = ("VL", "RF", "GR")
few = settings(max_examples=25)
models = pytest.mark.parametrize("model", ["per-muscle", "joint"])


@st.composite
def cohorts(draw) -> pd.DataFrame:
    """Cohorts of every kind that has an answer: sizes, readers, sides, correlation, missing grades."""
    frame = cohort(
        participants=draw(st.integers(8, 16)),
        readers=draw(st.integers(1, 3)),
        sides=draw(st.sampled_from([("both",), ("left", "right")])),
        muscles=MUSCLES,
        seed=draw(st.integers(0, 10_000)),
        between=draw(st.sampled_from([0.0, 0.3, 1.0])),
        within=draw(st.sampled_from([0.0, 0.4, 0.8])),
    )
    share_missing = draw(st.sampled_from([0.0, 0.1, 0.4]))
    missing = np.random.default_rng(draw(st.integers(0, 100))).random(len(frame)) < share_missing
    return frame.assign(score=frame["score"].mask(missing))


def numbers(comparison: Comparison) -> list[tuple]:
    """Status and all numbers of each muscle."""
    return [
        (
            muscle.status,
            *(astuple(muscle.contrast) if muscle.contrast else ()),
            *(muscle.p_holm, muscle.p_permutation, muscle.p_permutation_max_t),
        )
        for muscle in comparison.muscles
    ]


def assert_same(found: Comparison, expected: Comparison) -> None:
    for one, other in zip(numbers(found), numbers(expected), strict=True):
        for a, b in zip(one, other, strict=True):
            assert a == b if isinstance(a, str) or a is None or b is None else a == pytest.approx(b, rel=1e-6, abs=1e-9)


@models
@few
@given(frame=cohorts(), seed=st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(model, frame, seed):
    shuffled = frame.sample(frac=1, random_state=seed)

    assert_same(
        compare(shuffled, model=model, permutations=200, resamples=0),
        compare(frame, model=model, permutations=200, resamples=0),
    )


@models
@few
@given(frame=cohorts(), seed=st.integers(0, 1000))
def test_names_of_participants_and_readers_do_not_matter(model, frame, seed):
    random = np.random.default_rng(seed)
    renamed = frame.copy()
    for column in ("participant", "reader"):
        names = frame[column].unique()
        renamed[column] = frame[column].map(dict(zip(names, random.permutation(names), strict=True)))

    assert_same(
        compare(renamed, model=model, permutations=200, resamples=0),
        compare(frame, model=model, permutations=200, resamples=0),
    )


@models
@few
@given(frame=cohorts())
def test_categories_and_strings_give_the_same(model, frame):
    columns = ["participant", "group", "mri", "reader", "sequence", "feature", "muscle", "side"]
    as_categories = frame.astype(dict.fromkeys(columns, "category"))

    assert_same(compare(as_categories, model=model, permutations=0), compare(frame, model=model, permutations=0))
    assert data_version(as_categories) == data_version(frame)


@models
@few
@given(frame=cohorts())
def test_exchanging_the_groups_flips_signs(model, frame):
    forth = compare(frame, model=model, permutations=200, resamples=0)
    back = compare(frame, model=model, permutations=200, resamples=0, reference="DM", compared="IMNM")

    for one, other in zip(forth.muscles, back.muscles, strict=True):
        assert one.status == other.status
        assert one.p_permutation == other.p_permutation
        assert (one.reference, one.compared) == (other.compared, other.reference)
        if one.contrast:
            a, b = one.contrast, other.contrast
            assert [a.estimate, a.ci_low, a.ci_high] == pytest.approx([-b.estimate, -b.ci_high, -b.ci_low], abs=1e-9)
            assert [a.se, a.df, a.p] == pytest.approx([b.se, b.df, b.p], rel=1e-6)


@models
@few
@given(frame=cohorts(), constant=st.integers(-50, 50))
def test_adding_a_constant_changes_nothing_but_means(model, frame, constant):
    raised = frame.assign(score=frame["score"] + constant)

    found, expected = (
        compare(raised, model=model, permutations=200, resamples=0),
        compare(frame, model=model, permutations=200, resamples=0),
    )

    assert_same(found, expected)
    for one, other in zip(found.muscles, expected.muscles, strict=True):
        if one.reference.n:
            assert one.reference.mean == pytest.approx(other.reference.mean + constant)


@few
@given(frame=cohorts(), factor=st.sampled_from([-1.0, 1e-6, 3.0, 1e6]))
def test_a_factor_scales_estimates_and_leaves_tests_alone(frame, factor):
    scaled = compare(frame.assign(score=frame["score"] * factor), permutations=0)

    for one, other in zip(scaled.muscles, compare(frame, permutations=0).muscles, strict=True):
        assert one.status == other.status
        if one.contrast:
            assert one.contrast.estimate == pytest.approx(
                factor * other.contrast.estimate, rel=1e-6, abs=1e-9 * abs(factor)
            )
            assert [one.contrast.df, one.contrast.p] == pytest.approx([other.contrast.df, other.contrast.p], rel=1e-6)


@few
@given(frame=cohorts())
def test_duplicating_every_readers_scores_as_another_reader_keeps_the_estimate(frame):
    complete = frame.assign(score=frame["score"].fillna(1.0))
    doubled = pd.concat([complete, complete.assign(reader=complete["reader"] + " again")])

    for one, other in zip(
        compare(doubled, permutations=0).muscles, compare(complete, permutations=0).muscles, strict=True
    ):
        if one.contrast and other.contrast:
            assert one.contrast.estimate == pytest.approx(other.contrast.estimate, abs=1e-9)


@few
@given(
    participants=st.integers(4, 20),
    readers=st.integers(2, 4),
    sides=st.sampled_from([("both",), ("left", "right")]),
    seed=st.integers(0, 10_000),
)
def test_balanced_data_give_students_t_on_participants_means(participants, readers, sides, seed):
    frame = cohort(participants, readers, sides, muscles=("VL",), seed=seed, between=1.0)
    means = frame.groupby(["group", "participant"])["score"].mean()

    muscle = compare(frame, permutations=0).muscles[0]

    if muscle.contrast and muscle.status == "ok":
        statistic, p, df = ttest_ind(means["DM"], means["IMNM"])
        assert muscle.contrast.estimate == pytest.approx(means["DM"].mean() - means["IMNM"].mean(), abs=1e-9)
        assert muscle.contrast.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)
        assert muscle.contrast.df == pytest.approx(df, rel=1e-6)
        assert muscle.contrast.p == pytest.approx(p, rel=1e-5)


def test_participants_of_a_third_group_are_left_out_of_everything():
    frame = cohort(muscles=MUSCLES)
    third = cohort(muscles=MUSCLES, seed=2).assign(group="IBM", participant=lambda rows: rows["participant"] + "x")

    found, expected = compare(pd.concat([frame, third])), compare(frame)

    assert_same(found, expected)
    assert found.n == expected.n


def test_a_not_assessable_grade_is_as_good_as_no_row():
    frame = cohort(muscles=MUSCLES)
    missing = frame.index % 5 == 0

    found = compare(frame.assign(score=frame["score"].mask(missing)))

    expected = compare(frame[~missing])
    assert_same(found, expected)
    assert found.n == expected.n


def test_re_reads_take_no_part():
    frame = cohort(muscles=MUSCLES)
    again = frame.assign(occasion=2, score=3)

    assert_same(compare(pd.concat([frame, again])), compare(frame))


def test_fat_reads_count_only_where_there_is_no_edema_read():
    edema = cohort(8, muscles=("VL",))
    also_fat = edema.assign(feature="fat", sequence="T1W", score=3)
    fat_only = frame_of(
        participant=["F1"] * 2, group="DM", feature="fat", reader=["reader1", "reader2"], score=[1.0, 2.0]
    )
    frame = pd.concat([edema, also_fat, fat_only])

    everybody, edema_only = compare(frame), compare(frame, analysis_set="edema")

    assert (everybody.n.participants, everybody.n.fat_scored, everybody.n.grades) == (9, 1, 26)
    assert (edema_only.n.participants, edema_only.n.fat_scored, edema_only.n.grades) == (8, 0, 24)
    assert_same(everybody, compare(pd.concat([edema, fat_only])))
