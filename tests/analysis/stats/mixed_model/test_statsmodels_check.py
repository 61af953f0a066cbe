"""statsmodels' MixedLM beside the exact engine. Its own standard errors are compared, not Kenward and Roger's."""

import pytest

from tests.analysis.stats.comparison_frames import cohort, compare
from tests.near import near, plain
from tests.reference_cohorts import ANSWERS, reference_frame

MODELS = ["per-muscle", "joint"]

# Where statsmodels gives no answer: it takes a variance of 0 for infinite, so it is not run there.
NO_ANSWER = {
    ("boundary", "all", "per-muscle"): {"VL", "VM", "RF", "BFSH", "BFLH", "SM"},
    ("boundary", "all", "joint"): {"VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA"},
    ("degenerate", "all", "per-muscle"): {"SM"},  # no variance at all, with either engine
    ("several-mris", "fat", "per-muscle"): {"BFLH", "ADD"},
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("name", "analysis_set"), ANSWERS)
def test_the_engines_agree_where_statsmodels_converges(name, analysis_set, model):
    question = {"analysis_set": analysis_set, "model": model, "permutations": 0}

    second = compare(reference_frame(name), engine="statsmodels", **question)

    exact = compare(reference_frame(name), df_method="satterthwaite", **question)  # its standard error is unadjusted
    without = NO_ANSWER.get((name, analysis_set, model), set())
    assert {muscle.muscle for muscle in second.muscles if not muscle.contrast} == without
    for one, other in zip(second.muscles, exact.muscles, strict=True):
        if one.contrast:
            assert one.contrast.estimate == pytest.approx(other.contrast.estimate, rel=1e-4, abs=1e-4)
            assert one.contrast.se == pytest.approx(other.contrast.se, rel=2e-3)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("name", "analysis_set"), ANSWERS)
def test_verification_starts_at_the_optimum_and_stays_there(name, analysis_set, model):
    question = {"analysis_set": analysis_set, "model": model, "permutations": 0}

    verification = compare(reference_frame(name), verify=True, **question).verification

    if verification.muscles:
        assert verification.max_abs_diff_estimate < 1e-6
        assert verification.max_rel_diff_se < 2e-3  # observed Hessian, where grades are missing
    assert not set(verification.muscles) & set(verification.skipped)


def test_z_tests_have_no_degrees_of_freedom_and_no_method_for_them():
    comparison = compare(cohort(8, muscles=("VL",), between=1.0), engine="statsmodels", permutations=0)

    contrast = comparison.muscles[0].contrast
    assert comparison.df_method is None
    assert (contrast.method, contrast.df) == ("wald_z", None)


def test_where_a_variance_is_zero_it_is_not_run_and_says_so():
    muscle = compare(reference_frame("boundary"), engine="statsmodels", permutations=0).muscles[0]

    assert muscle.status == "not_estimable"
    assert "statsmodels was not run" in muscle.note
    assert muscle.reference.n > 0


def test_single_reads_are_least_squares_with_either_engine():
    frame = reference_frame("one-reader")

    second, exact = (compare(frame, engine=engine, permutations=0) for engine in ("statsmodels", "reml"))

    assert plain([muscle.contrast for muscle in second.muscles]) == near(
        plain([muscle.contrast for muscle in exact.muscles])
    )


def test_a_failure_of_statsmodels_is_a_reason(monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError("array must not contain infs or NaNs")

    monkeypatch.setattr("statsmodels.regression.mixed_linear_model.MixedLM.fit", fail)

    comparison = compare(cohort(8, muscles=("VL",), between=1.0), engine="statsmodels", permutations=0, verify=True)

    assert comparison.muscles[0].status == "not_estimable"
    assert comparison.muscles[0].note == "statsmodels failed: array must not contain infs or NaNs"
    assert comparison.verification.skipped["VL"] == comparison.muscles[0].note
    assert comparison.verification.max_rel_diff_se is None


def test_an_optimum_that_misses_the_exact_one_is_refused(monkeypatch):
    from statsmodels.regression.mixed_linear_model import MixedLM

    stop_at_once = MixedLM.fit
    monkeypatch.setattr(MixedLM, "fit", lambda self, **options: stop_at_once(self, reml=True, method="bfgs", maxiter=0))

    muscle = compare(cohort(20, muscles=("VL",), between=3.0), engine="statsmodels", permutations=0).muscles[0]

    assert "did not reach the optimum" in muscle.note
