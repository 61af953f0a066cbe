import json
import subprocess
import sys

import pytest

from analysis.stats.comparison_json import as_json
from analysis.stats.holm import holm
from analysis.stats.versions import versions
from tests.analysis.stats.comparison_frames import cohort, compare
from tests.reference_cohorts import reference_frame

KEYS = [
    "study",
    "set",
    "model",
    "engine",
    "df_method",
    "formula",
    "terms",
    "groups",
    "n",
    "data_version",
    "versions",
    "verify",
    "adjusted_for",
    "pattern",
    "grades",
    "deciding",
    "muscles",
]
MUSCLE_KEYS = [
    *("muscle", "estimate", "se", "df", "statistic", "p", "p_holm", "p_deciding"),
    *("p_permutation", "p_permutation_max_t", "ci_low", "ci_high", "method", "status", "note", "groups", "index"),
]


def test_the_object_has_the_keys_of_the_contract_in_their_order():
    answer = as_json(compare(reference_frame("balanced"), permutations=50), study="demo")

    assert list(answer) == KEYS
    assert [list(muscle) for muscle in answer["muscles"]] == [MUSCLE_KEYS] * 11
    assert list(answer["muscles"][0]["groups"]) == ["IMNM", "DM"]
    assert list(answer["muscles"][0]["groups"]["DM"]) == ["n", "median", "q1", "q3", "mean", "sd"]
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_the_object_says_which_terms_its_formula_has():
    per_muscle, joint = (
        as_json(compare(reference_frame("sides"), model=model, permutations=0), study="demo")
        for model in ("per-muscle", "joint")
    )

    assert per_muscle["terms"] == {"readers": True, "sides": True, "random": ["participant"]}
    assert joint["terms"] == {"readers": True, "sides": True, "random": ["participant:muscle", "participant"]}


def test_the_object_counts_what_the_set_holds():
    answer = as_json(compare(reference_frame("balanced"), permutations=0), study="demo")

    assert answer["study"] == "demo"
    assert answer["groups"] == {"reference": "IMNM", "compared": "DM"}
    assert answer["n"] == {
        "participants": 25,
        "by_group": {"IMNM": 14, "DM": 11},
        "reads": 75,
        "grades": 825,
        "fat_scored": 3,
    }


def test_a_read_without_an_assessed_grade_is_not_counted():
    frame = cohort(6, readers=2, muscles=("VL", "GR"))
    lost = (frame["participant"] == "P001") & (frame["reader"] == "reader2")

    n = compare(frame.assign(score=frame["score"].mask(lost)), permutations=0).n

    assert (n.participants, n.reads, n.grades) == (6, 11, 22)


def test_a_verification_is_part_of_the_object():
    answer = as_json(compare(cohort(8, muscles=("VL",), between=1.0), verify=True, permutations=0), study="demo")

    assert answer["verify"]["muscles"] == ["VL"]
    assert answer["verify"]["max_abs_diff_estimate"] < 1e-6


def test_holms_family_is_the_estimable_muscles():
    muscles = compare(reference_frame("degenerate"), permutations=0).muscles

    estimable = [muscle for muscle in muscles if muscle.contrast]
    assert len(estimable) == 10
    assert [muscle.p_holm for muscle in estimable] == holm([muscle.contrast.p for muscle in estimable])
    assert {muscle.p_holm for muscle in muscles if not muscle.contrast} == {None}


def test_permutation_p_stand_beside_every_estimable_muscle_and_no_other():
    muscles = compare(reference_frame("degenerate"), permutations=99).muscles

    for muscle in muscles:
        given = [muscle.p_permutation, muscle.p_permutation_max_t]
        assert given == [None, None] if muscle.contrast is None else 0.01 <= given[0] <= given[1] <= 1


def test_permutation_p_is_near_that_of_the_model():
    for muscle in compare(reference_frame("balanced")).muscles:
        assert muscle.p_permutation == pytest.approx(muscle.contrast.p, abs=0.03)


def test_permutations_can_be_left_out():
    comparison = compare(reference_frame("balanced"), permutations=0)

    assert comparison.permutations == 0
    assert {muscle.p_permutation for muscle in comparison.muscles} == {None}


def test_data_version_is_kept_with_the_answer():
    assert compare(cohort(6), permutations=0, data_version="abc").data_version == "abc"


def test_versions_name_what_computed_the_numbers():
    assert list(versions()) == ["thighsite", "statsmodels", "numpy", "scipy", "pandas"]


def test_the_comparison_needs_no_django_and_imports_statsmodels_only_when_asked():
    script = "import sys, analysis.stats.comparison_json; print({'django', 'statsmodels'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
