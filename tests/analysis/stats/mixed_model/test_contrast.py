import pytest
from scipy import stats

from analysis.stats.mixed_model.contrast import t_contrast, z_contrast
from analysis.stats.mixed_model.estimability import NotEstimableError


def test_t_and_interval_are_students():
    contrast = t_contrast(1.2, 0.5, 17.5, "kenward_roger")

    assert contrast.statistic == pytest.approx(2.4)
    assert contrast.p == pytest.approx(2 * stats.t.sf(2.4, 17.5), rel=1e-12)
    assert (contrast.ci_low, contrast.ci_high) == pytest.approx(stats.t.interval(0.95, 17.5, 1.2, 0.5))


def test_z_has_no_degrees_of_freedom():
    contrast = z_contrast(-1.2, 0.5)

    assert contrast.df is None
    assert contrast.p == pytest.approx(2 * stats.norm.sf(2.4), rel=1e-12)
    assert (contrast.ci_low, contrast.ci_high) == pytest.approx(stats.norm.interval(0.95, -1.2, 0.5))


def test_the_unit_scales_the_estimate_and_not_the_test():
    contrast, tenfold = (t_contrast(1.2, 0.5, 9, "linear_model", unit) for unit in (1, 10))

    assert (tenfold.estimate, tenfold.se, tenfold.ci_low) == pytest.approx((12, 5, 10 * contrast.ci_low))
    assert (tenfold.statistic, tenfold.p) == (contrast.statistic, contrast.p)


def test_a_p_too_small_for_a_number_is_not_zero():
    assert z_contrast(1.0, 0.001).p > 0


@pytest.mark.parametrize(
    ("se", "df", "reason"),
    [
        (0.0, 9, "standard error is 0"),
        (float("nan"), 9, "too few degrees of freedom"),
        (0.5, 0, "too few degrees of freedom"),
        (0.5, float("inf"), "too few degrees of freedom"),
    ],
)
def test_what_makes_no_test_is_refused_with_a_reason(se, df, reason):
    with pytest.raises(NotEstimableError, match=reason):
        t_contrast(1.0, se, df, "kenward_roger")
