import numpy as np
import pytest

from analysis.stats.frame.observations import observations
from analysis.stats.mixed_model import joint, per_muscle
from analysis.stats.mixed_model.derivatives import value, with_derivatives
from analysis.stats.mixed_model.estimability import NoResidualVarianceError, VariancesAlikeError
from analysis.stats.mixed_model.model import Model
from analysis.stats.mixed_model.reml import _evaluate, _with_zeros, fit
from tests.analysis.stats.comparison_frames import cohort, frame_of
from tests.analysis.stats.mixed_model.dense import dense

GROUPS = ("IMNM", "DM")
POINT = {2: np.array([0.3, 0.7]), 3: np.array([0.3, 0.7, 0.4])}


def model_of(kind: str, **of_cohort) -> Model:
    """The joint model of two muscles, or the model of one, with a fifth of the grades missing."""
    frame = cohort(9, muscles=("VL", "GR"), **of_cohort)
    frame = frame[np.random.default_rng(3).random(len(frame)) > 0.2]
    built, _ = {"joint": joint, "per-muscle": per_muscle}[kind].models(observations(frame, *GROUPS), GROUPS)
    return built[0]


kinds = pytest.mark.parametrize("kind", ["per-muscle", "joint"])


@kinds
def test_the_closed_form_is_that_of_v_written_out(kind):
    model = model_of(kind)
    variances = POINT[1 + len(model.terms.random)]

    A, log_det = value(model.statistics, variances)

    full = dense(model)
    np.testing.assert_allclose(A, full.weighted(variances), atol=1e-9)
    assert log_det == pytest.approx(np.linalg.slogdet(full.covariance(variances))[1])


@kinds
def test_the_expansion_has_the_value_of_the_closed_form(kind):
    model = model_of(kind)
    variances = POINT[1 + len(model.terms.random)]

    expansion = with_derivatives(model.statistics, variances)

    A, log_det = value(model.statistics, variances)
    np.testing.assert_allclose(expansion.A, A, atol=1e-12)
    assert expansion.log_det == pytest.approx(log_det)


@kinds
def test_the_criterion_is_minus_twice_the_restricted_likelihood(kind):
    model = model_of(kind)
    variances = POINT[1 + len(model.terms.random)]

    assert _evaluate(model.statistics, variances).criterion == pytest.approx(dense(model).criterion(variances))


@kinds
def test_gradient_and_observed_information_are_derivatives_of_the_criterion(kind):
    model = model_of(kind)
    variances = POINT[1 + len(model.terms.random)]

    at = _evaluate(model.statistics, variances)

    for a, direction in enumerate(np.eye(len(variances)) * 1e-5):
        ahead, behind = (_evaluate(model.statistics, variances + sign * direction) for sign in (1, -1))
        assert at.gradient[a] == pytest.approx((ahead.criterion - behind.criterion) / 2e-5, rel=1e-6)
        np.testing.assert_allclose(at.observed[a], (ahead.gradient - behind.gradient) / 2e-5, rtol=1e-5)


@kinds
def test_expected_information_is_the_trace_of_p_v_p_v(kind):
    model = model_of(kind)
    variances = POINT[1 + len(model.terms.random)]

    expected = _evaluate(model.statistics, variances).expected

    full = dense(model)
    PV = [full.projection(variances) @ part for part in full.parts]
    np.testing.assert_allclose(expected, [[np.trace(a @ b) for b in PV] for a in PV], rtol=1e-9)


@kinds
@pytest.mark.parametrize("seed", range(5))
def test_no_variances_near_the_optimum_are_better(kind, seed):
    model = model_of(kind, seed=seed, between=0.4)

    best = fit(model.statistics)

    full = dense(model)
    for factor in (0.9, 1.1):
        for a in range(len(best.variances)):
            other = best.variances.copy()
            other[a] = other[a] * factor + (best.variances[0] * 0.01 if other[a] == 0 else 0)
            assert full.criterion(other) > best.criterion


@kinds
def test_the_gradient_vanishes_inside_and_points_outwards_at_zero(kind):
    for seed in range(8):
        best = fit(model_of(kind, seed=seed, between=0.2).statistics)

        scaled = best.gradient * best.variances.sum()
        assert np.abs(scaled[~best.at_zero]).max() < 1e-5
        assert (scaled[best.at_zero] >= 0).all()


@pytest.mark.parametrize(("relative_sd", "is_zero"), [(0.9e-4, True), (1.1e-4, False)])
def test_a_relative_standard_deviation_below_one_in_ten_thousand_counts_as_zero(relative_sd, is_zero):
    statistics = model_of("per-muscle").statistics

    settled = _with_zeros(statistics, _evaluate(statistics, np.array([0.5, 0.5 * relative_sd**2])))

    assert settled.at_zero[1] == is_zero


def test_reads_that_agree_have_no_residual_variance():
    frame = frame_of(
        participant=["A", "A", "B", "B", "C", "C", "D", "D"],
        group=["IMNM"] * 4 + ["DM"] * 4,
        reader=["reader1", "reader2"] * 4,
        score=[0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 0.0, 1.0],
    )
    built, _ = per_muscle.models(observations(frame, *GROUPS), GROUPS)

    with pytest.raises(NoResidualVarianceError):
        fit(built[0].statistics)


def test_variances_that_nothing_tells_apart_are_refused():
    frame = frame_of(
        participant=["A", "B", "C", "D", "D"],
        group=["IMNM", "IMNM", "DM", "DM", "DM"],
        reader=["reader1"] * 4 + ["reader2"],
        score=[0.0, 1.0, 3.0, 1.0, 2.0],
    )
    built, _ = per_muscle.models(observations(frame, *GROUPS), GROUPS)

    with pytest.raises(VariancesAlikeError):
        fit(built[0].statistics)
