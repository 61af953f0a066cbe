"""Adjusted comparisons and the tests of the pattern, as R's lme4 and pbkrtest have them (`reference2.R`)."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.stats.comparison import Comparison
from analysis.stats.covariates import Covariate, Covariates, in_order, known_in_order
from tests.analysis.stats.comparison_frames import cohort, compare
from tests.analysis.stats.test_reference import assert_numbers
from tests.reference_cohorts import FOLDER, reference_frame

COHORTS = ("covariates", "covariates-missing")


def of_r(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.more.json").read_text())


def people(frame: pd.DataFrame, **columns) -> pd.DataFrame:
    codes = sorted(set(frame["participant"]))
    return pd.DataFrame({"participant": codes} | {name: value[: len(codes)] for name, value in columns.items()})


def adjusted(frame: pd.DataFrame, values: pd.DataFrame, *names: str, **question) -> Comparison:
    return compare(frame, covariates=Covariates(in_order(names), values), **question)


@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize("covariates", ["age_years+sex", "disease_duration_months"])
def test_adjusted_muscles_agree_with_r(name, covariates):
    values = pd.read_csv(FOLDER / f"{name}.participants.csv")

    found = adjusted(reference_frame(name), values, *covariates.split("+"))

    assert "+".join(found.adjusted_for) == covariates
    for muscle, row in zip(found.muscles, of_r(name)["adjusted"][covariates], strict=True):
        assert (muscle.status, muscle.adjusted.participants) == (row["status"], row["participants"])
        assert_numbers(muscle.contrast, row)


OWN = (Covariate("treatment", "levels", ("none", "steroids", "IVIG")), Covariate("vital_capacity", "number"))


@pytest.mark.parametrize("names", ["treatment", "treatment+vital_capacity"])
def test_covariates_that_a_study_defines_agree_with_r(names):
    """`reference3.R`; both have missing values."""
    frame = reference_frame("covariates-missing")
    values = pd.read_csv(FOLDER / "covariates-missing.own.csv").fillna({"treatment": ""})

    found = compare(frame, covariates=Covariates(in_order(names.split("+")), values, OWN))

    in_r = json.loads((FOLDER / "covariates-missing.own.json").read_text())
    for muscle, row in zip(found.muscles, in_r["adjusted"][names], strict=True):
        assert (muscle.status, muscle.adjusted.participants) == (row["status"], row["participants"])
        assert_numbers(muscle.contrast, row)


def test_levels_that_do_not_occur_or_that_others_tell_are_named():
    frame = cohort(participants=12)
    drug = Covariate("drug", "levels", ("none", "a", "b"))
    kinds = {
        "one level left": (["none"] * 12, "Not adjusted for drug: it does not vary"),
        "a level that nobody has": (["none", "none", "a"] * 4, "Not adjusted for all levels of drug"),
        "levels that tell the group": (["none", "a"] * 6, "covariates"),
    }

    for values, words in kinds.values():
        covariates = Covariates(("drug",), people(frame, drug=values), (drug,))
        for muscle in compare(frame, covariates=covariates).muscles:
            assert words in muscle.note


@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize(("test", "in_r"), [("pattern", "pattern"), ("any", "any_difference")])
def test_pattern_agrees_with_r(name, test, in_r):
    found = getattr(compare(reference_frame(name), pattern=True, permutations=0).pattern, test)

    expected = of_r(name)[in_r]
    assert found.status == "ok"
    assert (found.test.df1, found.test.F) == (expected["ndf"], pytest.approx(expected["F"], rel=1e-4))
    assert found.test.df2 == pytest.approx(expected["ddf"], rel=1e-4)
    assert found.test.scaling == pytest.approx(expected["scaling"], rel=1e-4)
    assert found.test.p == pytest.approx(expected["p"], rel=1e-4)


def test_unadjusted_estimate_is_that_of_those_who_have_all_covariates():
    frame = cohort(participants=12)
    values = people(frame, age_years=[*range(40, 50), None, None])

    found = adjusted(frame, values, "age_years").muscles
    complete = compare(frame[~frame["participant"].isin(["P010", "P011"])], permutations=0).muscles

    assert {muscle.adjusted.participants for muscle in found} == {10}
    for muscle, plain in zip(found, complete, strict=True):
        assert muscle.adjusted.unadjusted.contrast.estimate == pytest.approx(plain.contrast.estimate)
        assert muscle.reference.n + muscle.compared.n == 12


def test_logarithm_of_creatine_kinase_is_the_covariate_and_0_has_none():
    frame = cohort(participants=12)
    ck = [0.0, *np.exp(np.random.default_rng(3).normal(6, 1, 11))]
    logged = people(frame, age_years=[None, *np.log(ck[1:])])

    found = adjusted(frame, people(frame, ck_u_per_l=ck), "ck_u_per_l")
    same = adjusted(frame, logged, "age_years")

    assert found.formula == "score ~ group + log(ck_u_per_l) + reader + (1 | participant)"
    for one, other in zip(found.muscles, same.muscles, strict=True):
        assert one.adjusted.participants == 11
        assert one.contrast.estimate == pytest.approx(other.contrast.estimate)


def test_covariate_that_does_not_vary_is_left_out_and_named():
    frame = cohort(participants=12)
    sexes = people(frame, sex=["female"] * 12)

    for muscle in adjusted(frame, sexes, "sex").muscles:
        assert muscle.contrast.estimate == pytest.approx(muscle.adjusted.unadjusted.contrast.estimate)
        assert "Not adjusted for sex" in muscle.note


def test_covariate_that_tells_the_group_makes_the_group_not_estimable():
    frame = cohort(participants=12)
    sexes = people(frame, sex=["female", "male"] * 6)

    for muscle in adjusted(frame, sexes, "sex").muscles:
        assert (muscle.status, muscle.contrast) == ("not_estimable", None)
        assert "covariates" in muscle.note
        assert muscle.adjusted.unadjusted.contrast


def test_nobody_with_a_value_is_a_reason():
    frame = cohort(participants=6)

    muscles = adjusted(frame, people(frame, age_years=[None] * 6), "age_years").muscles

    assert {(muscle.status, muscle.adjusted.participants) for muscle in muscles} == {("not_estimable", 0)}


@pytest.mark.parametrize(("participants", "is_warned"), [(9, True), (10, False)])
def test_few_participants_for_the_covariates_are_warned_of(participants, is_warned):
    frame = cohort(participants=participants)
    ages = people(frame, age_years=np.random.default_rng(1).integers(30, 80, participants).tolist())

    assert {"fewer than 5" in muscle.note for muscle in adjusted(frame, ages, "age_years").muscles} == {is_warned}


def test_means_are_adjusted_where_reads_never_differ():
    frame = cohort(participants=12)
    frame = frame.assign(score=frame.groupby(["participant", "muscle"])["score"].transform("first"))
    ages = people(frame, age_years=np.random.default_rng(1).integers(30, 80, 12).tolist())
    one = frame[frame["reader"] == "reader1"]

    for muscle, single in zip(
        adjusted(frame, ages, "age_years").muscles, adjusted(one, ages, "age_years").muscles, strict=True
    ):
        assert (muscle.status, muscle.contrast.method) == ("boundary", "linear_model")
        assert muscle.contrast.estimate == pytest.approx(single.contrast.estimate)
        assert muscle.contrast.p == pytest.approx(single.contrast.p)


def test_adjusted_comparison_has_no_permutations():
    frame = cohort(participants=6)
    ages = people(frame, age_years=[40, 41, 50, 61, 57, 33])

    assert adjusted(frame, ages, "age_years").permutations == 0
    with pytest.raises(ValueError, match="no permutations"):
        adjusted(frame, ages, "age_years", permutations=10)
    with pytest.raises(ValueError, match="per-muscle"):
        adjusted(frame, ages, "age_years", model="joint")


def test_unknown_covariate_is_refused():
    with pytest.raises(KeyError, match="choose from age_years, sex"):
        known_in_order(["shoe_size"])
