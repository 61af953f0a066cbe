"""Three groups at once: held against pbkrtest, and a number or a reason whatever a frame holds."""

import json
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f_oneway

from analysis.stats.all_groups import all_groups
from analysis.stats.all_groups_json import as_json, of_pair
from analysis.stats.covariates import Covariates
from analysis.stats.holm import holm
from analysis.stats.mixed_model.omnibus import omnibus
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.comparison_frames import cohort, compare, small_frames
from tests.analysis.stats.test_any_frame import FEWER, anything
from tests.reference_cohorts import FOLDER, reference_frame

GROUPS = ("IMNM", "DM", "ASyS")
BY_R = json.loads((FOLDER / "omnibus.json").read_text())["cohorts"]


def with_third(frame: pd.DataFrame, every: int = 3) -> pd.DataFrame:
    """Every third participant by code in a third group, as `omnibus.R` has it."""
    people = sorted(frame["participant"].unique())
    return frame.assign(group=frame["group"].astype(str).where(~frame["participant"].isin(people[::every]), "ASyS"))


def held(test: dict, by_r: dict) -> None:
    assert test["df1"] == by_r["df1"]
    assert [test[name] for name in ("F", "df2", "scaling")] == pytest.approx(
        [by_r[name] for name in ("F", "df2", "scaling")], rel=1e-4
    )
    assert test["p"] == pytest.approx(by_r["p"], rel=1e-3)


@pytest.mark.parametrize("by_r", BY_R, ids=lambda by_r: by_r["name"])
def test_tests_over_all_groups_are_those_of_pbkrtest(by_r):
    covariates = None
    if by_r["adjust"]:
        people = pd.read_csv(FOLDER / f"{by_r['name']}.participants.csv")
        covariates = Covariates(tuple(by_r["adjust"]), people[["participant", *by_r["adjust"]]])

    found = as_json(all_groups(with_third(reference_frame(by_r["name"])), GROUPS, covariates=covariates))

    for test, other in zip(found["muscles"], by_r["muscles"], strict=True):
        held(test, other)
    assert [test["p_holm"] for test in found["muscles"]] == pytest.approx(by_r["p_holm"], rel=1e-3)


@pytest.mark.parametrize("by_r", [one for one in BY_R if one.get("joint")], ids=lambda by_r: by_r["name"])
def test_the_joint_model_and_the_pairs_are_those_of_r(by_r):
    frame = with_third(reference_frame(by_r["name"]))

    jointly, apart = as_json(all_groups(frame, GROUPS, model="joint")), as_json(all_groups(frame, GROUPS))

    for name in ("pattern", "any"):
        held(jointly["pattern"][name], by_r["joint"][name])
        held(apart["pattern"][name], by_r["joint"][name])
    for test, other in zip(jointly["muscles"], by_r["joint"]["of_muscles"], strict=True):
        held(test, other)
    for place, pair in enumerate(by_r["pairs"]["pairs"]):
        of_two = of_pair(apart, *pair)["muscles"]
        for name in ("over_pairs", "over_all"):
            assert [each[f"p_{name}"] for each in of_two] == pytest.approx(
                [of_muscle[place] for of_muscle in by_r["pairs"][name]], rel=1e-3
            )


def test_the_pairs_are_those_of_the_comparisons_and_their_order_is_nothing():
    frame = with_third(cohort(participants=18), every=4)
    p = {}
    for reference, compared in combinations(GROUPS, 2):
        pair = compare(frame, reference=reference, compared=compared, permutations=0, resamples=0)
        p[reference, compared] = [each.contrast.p for each in pair.muscles]

    found, turned = all_groups(frame, GROUPS), all_groups(frame, ("ASyS", "DM", "IMNM"))

    for muscle in range(11):
        over_pairs = [found.over_pairs[frozenset(pair)][muscle] for pair in p]
        assert over_pairs == pytest.approx(holm([of_pair[muscle] for of_pair in p.values()]))
    together = holm([each for of_pair in p.values() for each in of_pair])
    assert [each for pair in p for each in found.over_all[frozenset(pair)]] == pytest.approx(together)
    for test, other in zip(found.omnibus.muscles, turned.omnibus.muscles, strict=True):
        assert (test.test.F, test.test.df2) == pytest.approx((other.test.F, other.test.df2))


def test_reads_that_never_differ_have_the_analysis_of_variance_and_groups_alike_a_reason():
    frame = with_third(cohort(participants=18), every=4)
    means = frame.assign(score=frame.groupby(["participant", "muscle"])["score"].transform("first"))
    shifted = frame["group"].map({"IMNM": 0.0, "DM": 1.0, "ASyS": 2.0})

    found = all_groups(means, GROUPS).omnibus
    apart = all_groups(frame.assign(score=shifted), GROUPS).omnibus

    of_vl = means[means["muscle"] == "VL"].drop_duplicates("participant")
    about = of_vl["score"] - of_vl.groupby("group")["score"].transform("mean")
    between = ((of_vl["score"] - of_vl["score"].mean()) ** 2).sum() - (about**2).sum()
    n = len(of_vl)
    assert found.muscles[0].status == "boundary"
    assert (found.muscles[0].test.F, found.muscles[0].test.df2) == pytest.approx(
        (between / 2 / ((about**2).sum() / (n - 3)), n - 3)
    )
    assert "Complete separation" in apart.muscles[0].note


def test_many_groups_have_the_analysis_of_variance_of_participants_means():
    frame = cohort(participants=36)
    people, groups = sorted(frame["participant"].unique()), tuple(f"G{number}" for number in range(12))
    of = {person: groups[place % 12] for place, person in enumerate(people)}

    found = omnibus(frame.assign(group=frame["participant"].map(of)), groups, "per-muscle")

    means = frame.groupby(["muscle", "participant"], observed=True)["score"].mean()
    for each, muscle in zip(found.muscles, MUSCLE_CODES, strict=True):
        by_hand = f_oneway(*(means[muscle][people[place::12]] for place in range(12)))
        assert (each.test.df1, each.test.df2) == pytest.approx((11, 24), rel=1e-6)
        assert (each.test.F, each.test.p) == pytest.approx(tuple(by_hand), rel=1e-6)
    assert (found.pattern.pattern.test.df1, found.pattern.any.test.df1) == (110, 121)


def test_a_group_of_one_is_left_out_and_two_groups_are_too_few():
    frame = cohort(participants=12)
    one = frame.assign(group=frame["group"].where(frame["participant"] != "P000", "ASyS"))

    found = all_groups(one, GROUPS).omnibus

    assert (found.groups, found.left_out) == (("IMNM", "DM"), ("ASyS",))
    assert "three groups" in found.muscles[0].note
    with pytest.raises(ValueError, match="three"):
        all_groups(frame, GROUPS[:2])


@settings(anything, max_examples=FEWER)
@given(
    frame=small_frames(),
    model=st.sampled_from(["per-muscle", "joint"]),
    ages=st.lists(st.sampled_from([30.0, 50.0, 71.0, None]), min_size=7, max_size=7),
)
def test_any_frame_has_tests_or_reasons(frame, model, ages):
    people = pd.DataFrame({"participant": [f"P{number}" for number in range(7)], "age_years": ages})
    covariates = Covariates(("age_years",), people) if model == "per-muscle" and ages[0] else None

    found = as_json(all_groups(frame, ("IMNM", "DM", "IBM"), model=model, covariates=covariates))

    json.dumps(found, allow_nan=False)
    for test in [*found["muscles"], *found["pattern"].values()]:
        numbers = [test[name] for name in ("F", "df1", "df2", "scaling", "p")]
        assert numbers == [None] * 5 if test["status"] == "not_estimable" else np.isfinite(numbers).all()
        assert test["note"] or test["status"] == "ok"
