"""A stranger unpacks the bundle and runs its scripts: real R and statsmodels arrive at its numbers, or say they do not.

Most are run by an R and a Python that stay. As strangers run them, each in a process of its own, are those that are
refused, and the demo's in test_demo_bundle.py.
"""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.stats.all_groups import all_groups
from analysis.stats.all_groups_json import as_json as all_groups_json
from analysis.stats.all_groups_json import of_pair
from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariate, Covariates
from tests.analysis.bundle.bundles import (
    cohort_contents,
    contents_of,
    permuted,
    rscript,
    run_python,
    run_r,
    scored,
    tampered,
    unpacked_contents,
    with_result,
)
from tests.analysis.bundle.interpreters import start_python, start_r
from tests.analysis.stats.comparison_frames import cohort, compare, frame_of
from tests.reference_cohorts import FOLDER, reference_frame

COHORTS = [
    ("balanced", "all", "per-muscle"),
    ("balanced", "edema", "per-muscle"),
    ("boundary", "all", "per-muscle"),
    ("degenerate", "all", "per-muscle"),
    ("missing-cells", "all", "per-muscle"),
    ("missing-cells", "all", "joint"),
    ("missing-reader", "all", "per-muscle"),
    ("sides", "all", "per-muscle"),
    ("one-reader", "all", "per-muscle"),
    ("several-mris", "edema", "per-muscle"),
    ("several-mris", "fat", "per-muscle"),
]
FOR_PYTHON = [COHORTS[0], *COHORTS[2:4], COHORTS[5], COHORTS[8]]  # of each kind one
EACH_COHORT = pytest.mark.parametrize(("name", "analysis_set", "model"), COHORTS)


@pytest.fixture(scope="module")
def r():
    interpreter = start_r(rscript())
    yield interpreter
    interpreter.end()


@pytest.fixture(scope="module")
def python():
    interpreter = start_python()
    yield interpreter
    interpreter.end()


@EACH_COHORT
def test_r_arrives_at_the_numbers(tmp_path, r, name, analysis_set, model):
    done = r.run(unpacked_contents(scored(cohort_contents(name, analysis_set, model)), tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("agrees") == 11
    assert re.search(r"pattern_score\.csv: \d+ rows, as computed anew", done.stdout)


@pytest.mark.parametrize(("name", "analysis_set", "model"), FOR_PYTHON)
def test_statsmodels_arrives_at_the_numbers_it_can(tmp_path, python, name, analysis_set, model):
    done = python.run(unpacked_contents(scored(cohort_contents(name, analysis_set, model)), tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("agrees") == 11
    assert re.search(r"pattern_score\.csv: \d+ rows, as computed anew", done.stdout)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "adjust"),
    [("covariates-missing", ("sex", "disease_duration_months")), ("missing-cells", ()), ("one-reader", ())],
)
def test_both_arrive_at_adjusted_numbers_and_at_the_pattern(tmp_path, r, python, name, adjust):
    folder = unpacked_contents(cohort_contents(name, adjust=adjust, pattern=True), tmp_path)

    by_r, by_python = r.run(folder), python.run(folder)

    assert by_r.returncode == by_python.returncode == 0, by_r.stdout + by_r.stderr + by_python.stdout
    assert (by_r.stdout.count("agrees"), by_r.stdout.count("as pattern.csv")) == (11, 2)
    assert by_python.stdout.count("agrees") == 11


def test_both_arrive_at_numbers_adjusted_for_what_the_study_defines(tmp_path, r, python):
    """Of ``drug`` everybody has one level, but for the first of those who have all the others."""
    values = with_ages(pd.read_csv(FOLDER / "covariates-missing.own.csv").fillna({"treatment": ""}))
    complete = values["participant"][values.notna().all(axis=1) & (values["treatment"] != "")]
    values = values.assign(drug=["" if code == complete.iloc[0] else "none" for code in values["participant"]])
    own = (
        Covariate("drug", "levels", ("none", "MTX")),
        Covariate("treatment", "levels", ("none", "steroids", "IVIG")),
        Covariate("vital_capacity", "number"),
    )
    covariates = Covariates(("age_years", "drug", "treatment", "vital_capacity"), values, own)
    folder = unpacked_contents(contents_of(reference_frame("covariates-missing"), covariates=covariates), tmp_path)

    by_r, by_python = r.run(folder), python.run(folder)

    assert by_r.returncode == by_python.returncode == 0, by_r.stdout + by_r.stderr + by_python.stdout
    assert by_r.stdout.count("agrees") == by_python.stdout.count("agrees") == 11
    assert 'covariates.csv,treatment,text,,"none, steroids, IVIG or empty"' in (folder / "codebook.csv").read_text()


def test_both_arrive_at_the_tests_over_all_groups_and_see_what_was_changed(tmp_path, r, python):
    """Of three groups with grades missing, and of a fourth with nobody to compare."""
    frame = reference_frame("missing-cells")
    people = sorted(frame["participant"].unique())
    third = frame["group"].astype(str).where(~frame["participant"].isin(people[::3]), "ASyS")
    contents = contents_of(frame.assign(group=third.where(frame["participant"] != people[0], "IBM")))
    found = of_pair(all_groups_json(all_groups(contents.frame, ("IMNM", "ASyS", "DM", "IBM"))), "IMNM", "DM")
    folder = unpacked_contents(replace(contents, result={**contents.result, "all_groups": found}), tmp_path)

    by_r, by_python = r.run(folder), python.run(folder)
    changed = folder / "all_groups.csv"
    changed.write_text(re.sub(str(found["muscles"][4]["p_holm"]), "0.5", changed.read_text()))
    tampered_r, tampered_python = r.run(folder), python.run(folder)

    assert by_r.returncode == by_python.returncode == 0, by_r.stdout + by_r.stderr + by_python.stdout
    assert by_r.stdout.count("as all_groups.csv") == 13
    assert tampered_r.returncode == tampered_python.returncode == 1
    assert "All groups, BFSH" in tampered_r.stdout
    assert "DIFFERS: p_holm" in tampered_r.stdout


def test_r_arrives_at_the_one_pair_of_which_there_are_grades_yet(tmp_path, r):
    contents = cohort_contents("missing-cells")
    found = of_pair(all_groups_json(all_groups(contents.frame, ("IMNM", "ASyS", "DM"))), "IMNM", "DM")

    done = r.run(unpacked_contents(replace(contents, result={**contents.result, "all_groups": found}), tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("as all_groups.csv") == 13


def with_ages(values: pd.DataFrame) -> pd.DataFrame:
    people = pd.read_csv(FOLDER / "covariates-missing.participants.csv")
    return values.merge(people[["participant", "age_years"]].drop_duplicates(), on="participant")


def test_r_tests_the_pattern_of_means_where_reads_never_differ(tmp_path, r):
    """As they do once every difference was adjudicated."""
    frame = cohort()
    agreed = frame.assign(score=frame.groupby(["participant", "muscle"])["score"].transform("first"))

    done = r.run(unpacked_contents(contents_of(agreed, pattern=True), tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout.count("agrees"), done.stdout.count("as pattern.csv")) == (11, 2)
    assert "F = NA" not in done.stdout


def test_both_refuse_what_was_changed_of_adjustment_and_pattern(tmp_path, r, python):
    adjusted = cohort_contents("covariates-missing", adjust=("age_years",), pattern=True)
    folder = unpacked_contents(adjusted, tmp_path)
    tampered(folder, "unadjusted_estimate", 0, 1.01)
    people = folder / "covariates.csv"
    people.write_text(people.read_text().replace("P002,", "P002,1", 1))
    tests = folder / "pattern.csv"
    tests.write_text(re.sub("pattern,[^,]*", "pattern,1.5", tests.read_text(), count=1))

    by_r, by_python = r.run(folder), python.run(folder)

    assert by_r.returncode == by_python.returncode == 1
    for done in (by_r, by_python):
        assert "unadjusted_estimate" in done.stdout
        assert done.stdout.count("DIFFERS: estimate") == 11
    assert "DIFFERS: F\n" in by_r.stdout
    assert "p of the pattern DIFFERS" in by_python.stdout


def test_r_follows_satterthwaite_where_it_was_asked_for(tmp_path, r):
    contents = cohort_contents("missing-reader")
    asked = compare(contents.frame, df_method="satterthwaite", permutations=0)
    found = as_json(asked, study="study")

    done = r.run(
        unpacked_contents(with_result(contents, df_method=found["df_method"], muscles=found["muscles"]), tmp_path)
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_r_reads_codes_as_they_are(tmp_path, r):
    """Codes that look like numbers, missing values, formulas or quoted text."""
    names = {"P000": "007", "P001": "NA", "P002": "=1+1", "P003": 'say "hi", twice', "P004": "1e3", "P005": "Ä ö"}
    readers = {"reader1": "TRUE", "reader2": "2", "reader3": "#3"}

    frame = cohort().replace({"participant": names, "reader": readers})

    done = r.run(unpacked_contents(contents_of(frame), tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("model", ["per-muscle", "joint"])
@pytest.mark.parametrize("language", ["r", "python"])
def test_bundle_without_an_answer_is_confirmed_too(request, tmp_path, language, model):
    interpreter = request.getfixturevalue(language)
    frame = frame_of(participant=["A", "B"], group=["IMNM", "DM"], score=[1.0, 3.0])

    done = interpreter.run(unpacked_contents(contents_of(frame, model=model, pattern=True), tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", ["r", "python"])
def test_complete_separation_is_confirmed_too(request, tmp_path, language):
    frame = cohort()
    apart = np.where(frame["group"] == "DM", 3.0, 0.0)
    contents = contents_of(frame.assign(score=frame["score"].where(frame["muscle"] != "RF", apart)))

    done = request.getfixturevalue(language).run(unpacked_contents(contents, tmp_path))

    assert contents.result["muscles"][3]["status"] == "separated"
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_count_permutations_anew_and_refuse_what_was_changed_of_what_is_random_and_of_agreement(
    tmp_path, r, python
):
    folder = unpacked_contents(scored(permuted(cohort_contents("missing-reader"))), tmp_path)
    for each in (r, python):
        done = each.run(folder)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "permutations.csv: 11 muscles, p as in result.csv" in done.stdout

    tampered(folder, "p_permutation_max_t", 2, 1.01)
    rows = (folder / "agreement.csv").read_text().splitlines()
    changed = {name: next(i for i, row in enumerate(rows) if name in row) - 1 for name in CHANGED_AGREEMENT}
    for name, place in changed.items():
        tampered(folder, CHANGED_AGREEMENT[name], place, 1.01, "agreement.csv")
    for place in CHANGED_SCORES:
        tampered(folder, "value", place, 1.01, "pattern_score.csv")

    for each in (r, python):
        done = each.run(folder)
        assert done.returncode == 1
        assert sum(line.startswith("DIFFERS") for line in done.stdout.splitlines()) == len(changed) + 1 + len(
            CHANGED_SCORES
        )
        assert " rows, not as computed anew" in done.stdout
        assert "not as in result.csv" in done.stdout


CHANGED_AGREEMENT = {
    ",VL,kappa_quadratic": "value",
    "overall,icc_2_1": "ci_low",
    "loa_high": "value",
    "effect,": "ci_high",
    "overall,smallest_detectable_difference": "value",
}
CHANGED_SCORES = 0, 20  # of the area, and of a participant
CHANGES = [("estimate", 1.01), ("se", 1.05), ("compared_median", 0.9), ("p_holm", 0.5)]
ONLY_R = [("df", 0.999), ("p", 1.001), ("ci_low", 1.001), ("estimate", 1.001)]


def test_r_refuses_each_number_that_was_changed(tmp_path):
    folder = unpacked_contents(contents_of(cohort(effect=0.6)), tmp_path)
    for place, (column, factor) in enumerate(CHANGES + ONLY_R):
        tampered(folder, column, place, factor)

    done = run_r(folder)

    assert done.returncode == 1
    assert [line.split("DIFFERS: ")[1] for line in done.stdout.splitlines() if "DIFFERS" in line] == [
        column for column, _ in CHANGES + ONLY_R
    ]
    assert "does not arrive at the numbers" in done.stdout


def test_r_refuses_another_status(tmp_path, r):
    folder = unpacked_contents(contents_of(cohort(muscles=("VL", "SM"))), tmp_path)
    path = folder / "result.csv"
    path.write_text(path.read_text().replace("VL,ok", "VL,boundary"))

    done = r.run(folder)

    assert done.returncode == 1
    assert "DIFFERS: status" in done.stdout


def test_a_variance_just_beside_0_is_a_note_where_every_number_agrees(tmp_path, r):
    """As if the site had found it a little above the limit and R a little below: nothing else is another."""
    folder = unpacked_contents(cohort_contents("boundary", pattern=True), tmp_path)
    path = folder / "result.csv"
    place = path.read_text().index(",boundary,kenward_roger")
    path.write_text(path.read_text()[:place] + path.read_text()[place:].replace(",boundary,", ",ok,", 1))

    done = r.run(folder)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("agrees") == 12  # of the muscles, and of the note
    assert "status is boundary here and ok in result.csv" in done.stdout


def test_python_refuses_what_it_can_tell_was_changed(tmp_path):
    folder = unpacked_contents(contents_of(cohort()), tmp_path)
    for place, (column, factor) in enumerate(CHANGES):
        tampered(folder, column, place, factor)

    done = run_python(folder)

    assert done.returncode == 1
    assert [line.split("DIFFERS: ")[1] for line in done.stdout.splitlines() if "DIFFERS: " in line] == [
        column for column, _ in CHANGES[:3]
    ]
    assert "Holm's adjustment DIFFERS." in done.stdout
