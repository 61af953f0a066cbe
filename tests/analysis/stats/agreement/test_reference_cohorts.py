"""Agreement on the reference cohorts against R and two Python packages.

R's psych is in tests/reference/agreement.R, lm and lme4 are in agreement2.R.
"""

import json
from functools import cache

import pytest

from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.coefficients import icc_1_1, mean_squares
from analysis.stats.agreement.inter_reader import agreement
from analysis.stats.agreement.units import unit_grades
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.agreement.frames import REFERENCE, cohort_frame

PSYCH = json.loads((REFERENCE / "agreement.json").read_text())["cohorts"]
BY_R = json.loads((REFERENCE / "agreement2.json").read_text())["cohorts"]
TOLERANCE = {"rel": 1e-9, "abs": 1e-9}

# krippendorff 0.9.0: alpha(level_of_measurement="ordinal", value_domain=[0, 1, 2, 3])
# irrCAC 0.4.4: CAC(weights="quadratic", categories=[0, 1, 2, 3]).gwet()
ALPHA_AND_AC2 = {
    "missing-cells": {
        "VL": (0.846023032037, 0.882907955471),
        "BFSH": (0.775099325679, 0.877888918576),
        "overall": (0.804519169070, 0.848831691964),
    },
    "missing-reader": {
        "VL": (0.823349976402, 0.846952209593),
        "BFSH": (0.799219228382, 0.831247589251),
        "overall": (0.741083043717, 0.806349651112),
    },
}


@cache
def answer(cohort):
    return as_json(agreement(cohort_frame(cohort), resamples=2), study="reference")


def limits(estimate):
    return [estimate["value"], estimate["ci_low"], estimate["ci_high"]]


@pytest.mark.parametrize("cohort", PSYCH)
@pytest.mark.parametrize("icc", ["icc_2_1", "icc_3_1"])
def test_icc_and_its_interval_match_psych(cohort, icc):
    for ours, psych in zip(answer(cohort)["inter"], PSYCH[cohort], strict=True):
        assert ours["muscle"] == psych["muscle"]
        if psych["icc"] is None:
            assert limits(ours[icc]) == [None, None, None]
            assert "no variance between units" in ours["note"]
        else:
            assert limits(ours[icc]) == pytest.approx(limits(psych["icc"][icc]), **TOLERANCE)


@pytest.mark.parametrize("cohort", ["balanced", "sides", "boundary"])
def test_icc_1_1_and_its_interval_match_psych(cohort):
    grades = unit_grades(cohort_frame(cohort)).first

    for place, psych in zip(range(len(MUSCLE_CODES)), PSYCH[cohort], strict=False):
        ours = icc_1_1(mean_squares(grades[:, place].reshape(-1, grades.shape[-1])))
        assert [ours.value, ours.ci_low, ours.ci_high] == pytest.approx(limits(psych["icc"]["icc_1_1"]), **TOLERANCE)


@pytest.mark.parametrize("cohort", PSYCH)
@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_weighted_kappa_of_each_pair_matches_psych(cohort, weights):
    psych = {(*kappa["readers"], entry["muscle"]): kappa for entry in PSYCH[cohort] for kappa in entry["kappa"]}

    assert len(answer(cohort)["pairs"]) == len(psych)
    for ours in answer(cohort)["pairs"]:
        expected = psych[*ours["readers"], ours["muscle"]][weights]
        assert ours[f"kappa_{weights}"]["value"] == (expected and pytest.approx(expected, **TOLERANCE))


@pytest.mark.parametrize("cohort", PSYCH)
def test_kappa_of_several_readers_is_the_mean_over_pairs(cohort):
    for ours, psych in zip(answer(cohort)["inter"], PSYCH[cohort], strict=True):
        kappas = [kappa["quadratic"] for kappa in psych["kappa"]]
        expected = None if None in kappas else pytest.approx(sum(kappas) / len(kappas), **TOLERANCE)
        assert ours["kappa_quadratic"]["value"] == expected


@pytest.mark.parametrize("cohort", ALPHA_AND_AC2)
def test_alpha_and_ac2_take_missing_grades_as_other_packages_do(cohort):
    ours = {
        entry["muscle"]: (entry["alpha_ordinal"]["value"], entry["ac2"]["value"]) for entry in answer(cohort)["inter"]
    }

    for muscle, expected in ALPHA_AND_AC2[cohort].items():
        assert ours[muscle] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("cohort", BY_R)
def test_reader_effects_and_their_intervals_are_those_of_r(cohort):
    ours = {effect["reader"]: limits(effect["per_grade"]) for effect in answer(cohort)["reader_effects"]}

    assert ours == {
        effect["reader"]: pytest.approx(limits(effect), **TOLERANCE) for effect in BY_R[cohort]["reader_effects"]
    }


@pytest.mark.parametrize("cohort", BY_R)
def test_variance_components_of_every_grade_are_those_of_lme4(cohort):
    for ours, lme4 in zip(answer(cohort)["mixed_model"], BY_R[cohort]["mixed"], strict=True):
        expected = {"muscle": lme4["muscle"]} | {
            name: pytest.approx(lme4[name], rel=1e-5, abs=1e-6) for name in ("unit", "reader", "residual")
        }
        assert {name: ours[name] for name in expected} == expected
        whole = lme4["unit"] + lme4["reader"] + lme4["residual"]
        assert ours["icc_agreement"] == pytest.approx(lme4["unit"] / whole, abs=1e-6)


def test_mixed_model_of_complete_units_has_the_icc_of_their_mean_squares():
    found = answer("balanced")
    pairs = zip(found["inter"], found["mixed_model"], strict=True)

    assert [mixed["icc_agreement"] for entry, mixed in pairs if mixed["status"] == "ok"] == [
        pytest.approx(entry["icc_2_1"]["value"], abs=1e-6)
        for entry, mixed in zip(found["inter"], found["mixed_model"], strict=True)
        if mixed["status"] == "ok"
    ]


@pytest.mark.parametrize("cohort", ["balanced", "missing-cells"])
def test_icc_with_participants_resampled_is_that_of_r(cohort):
    """To Monte-Carlo error: R draws other resamples."""
    ours = as_json(agreement(cohort_frame(cohort)), study="reference")["resampled"][-1]

    for icc, expected in BY_R[cohort]["resampled"].items():
        assert ours[icc]["value"] == pytest.approx(expected["value"], **TOLERANCE)
        assert limits(ours[icc])[1:] == pytest.approx(limits(expected)[1:], abs=0.004)


@pytest.mark.parametrize("cohort", ["balanced", "sides", "missing-cells", "degenerate"])
def test_resampled_coefficients_are_those_of_the_table_and_generalised_kappa_of_two_readers_is_cohens(cohort):
    found = answer(cohort)
    for entry, ours in zip(found["inter"], found["resampled"], strict=True):
        names = ["icc_2_1", "icc_3_1", *(["kappa_linear", "kappa_quadratic"] if len(found["readers"]) == 2 else [])]
        for name in names:
            expected = entry[name]["value"]
            assert ours[name]["value"] == (expected if expected is None else pytest.approx(expected, abs=1e-9))
