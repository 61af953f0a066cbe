import numpy as np
import pytest

from analysis.stats.frame.observations import observations
from analysis.stats.mixed_model import per_muscle
from analysis.stats.mixed_model.degrees_of_freedom import kenward_roger, satterthwaite
from analysis.stats.mixed_model.estimates import fitted
from analysis.stats.mixed_model.reml import Fit
from tests.analysis.stats.comparison_frames import cohort
from tests.analysis.stats.mixed_model.dense import dense

GROUPS = ("IMNM", "DM")


def fit_of(share_missing: float = 0.0, **of_cohort) -> tuple[Fit, np.ndarray]:
    frame = cohort(12, muscles=("VL",), **of_cohort)
    frame = frame[np.random.default_rng(1).random(len(frame)) >= share_missing]
    model = per_muscle.models(observations(frame, *GROUPS), GROUPS)[0][0]
    return fitted(model), model.contrast_vector(0)


def test_balanced_data_have_n_minus_two_degrees_of_freedom_and_no_adjustment():
    fit, L = fit_of(between=1.0)

    se, df = kenward_roger(fit, L)

    assert df == pytest.approx(10)
    assert se == pytest.approx(np.sqrt(L @ fit.covariance @ L))
    assert satterthwaite(fit, L) == pytest.approx((se, df))


def test_missing_grades_raise_the_adjusted_standard_error():
    fit, L = fit_of(share_missing=0.3, between=1.0)

    adjusted, _ = kenward_roger(fit, L)
    unadjusted, _ = satterthwaite(fit, L)

    assert adjusted > unadjusted


def test_kenward_rogers_variance_is_that_of_the_paper_written_out():
    frame = cohort(8, muscles=("VL",), between=1.0)
    frame = frame[np.random.default_rng(1).random(len(frame)) >= 0.3]
    model = per_muscle.models(observations(frame, *GROUPS), GROUPS)[0][0]
    fit, L = fitted(model), model.contrast_vector(0)

    se, df = kenward_roger(fit, L)

    full = dense(model)
    inverse, X = np.linalg.inv(full.covariance(fit.variances)), full.X
    covariance = np.linalg.inv(X.T @ inverse @ X)
    P = [-X.T @ inverse @ part @ inverse @ X for part in full.parts]
    Q = [[X.T @ inverse @ a @ inverse @ b @ inverse @ X for b in full.parts] for a in full.parts]
    projected = [full.projection(fit.variances) @ part for part in full.parts]
    W = 2 * np.linalg.inv([[np.trace(a @ b) for b in projected] for a in projected])
    middle = sum(W[a, b] * (Q[a][b] - P[a] @ covariance @ P[b]) for a in range(2) for b in range(2))
    adjusted = covariance + 2 * covariance @ middle @ covariance
    t = np.array([L @ covariance @ one @ covariance @ L for one in P])
    assert se == pytest.approx(np.sqrt(L @ adjusted @ L), rel=1e-8)
    assert df == pytest.approx(2 * (L @ covariance @ L) ** 2 / (t @ W @ t), rel=1e-8)


def test_at_a_boundary_satterthwaite_jumps_and_kenward_roger_stays():
    fit, L = next((fit, L) for fit, L in (fit_of(seed=seed, between=0.0) for seed in range(20)) if fit.at_zero[1])

    assert kenward_roger(fit, L)[1] == pytest.approx(10)
    assert satterthwaite(fit, L)[1] == pytest.approx(36 - 4)
