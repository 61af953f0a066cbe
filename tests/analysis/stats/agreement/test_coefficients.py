"""The coefficients against textbook tables and other implementations."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.stats.agreement.bootstrap import mean_kappa, mean_of_defined
from analysis.stats.agreement.coefficients import (
    Undefined,
    ac2_quadratic,
    alpha_ordinal,
    icc_1_1,
    icc_2_1,
    icc_3_1,
    mean_squares,
    share_within,
    weighted_kappas,
)
from analysis.stats.agreement.tallies import tally
from tests.analysis.stats.agreement.frames import EXAMPLES
from tests.near import near

# Shrout and Fleiss, Psychol Bull 1979;86:420, table 2: six targets, four judges.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)

# Krippendorff, Computing Krippendorff's alpha-reliability, 2011, section C: twelve units, four observers.
_ = np.nan
FOUR_OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
).T


def total(grades, categories=(0, 1, 2, 3)):
    """Tallies of grades (units, raters), each unit a participant of its own."""
    return tally(np.asarray(grades, float)[:, None, :], categories).total()


# psych 2.2.9: ICC(SHROUT_FLEISS, lmer = FALSE); its intervals round to those of McGraw and Wong's formulas
@pytest.mark.parametrize(
    ("icc", "printed", "expected"),
    [
        (icc_1_1, 0.17, (0.165742, -0.1329323, 0.722560)),
        (icc_2_1, 0.29, (0.289764, 0.0187865, 0.761084)),
        (icc_3_1, 0.71, (0.714841, 0.3424648, 0.945858)),
    ],
)
def test_icc_matches_shrout_and_fleiss(icc, printed, expected):
    estimate = icc(mean_squares(SHROUT_FLEISS))

    assert round(estimate.value, 2) == printed
    assert (estimate.value, estimate.ci_low, estimate.ci_high) == pytest.approx(expected, abs=1e-6)


def test_mean_squares_match_shrout_and_fleiss():
    ms = mean_squares(SHROUT_FLEISS)

    assert (ms.units, ms.within, ms.raters, ms.residual) == pytest.approx((11.24, 6.26, 32.49, 1.02), abs=0.005)


def test_ordinal_alpha_matches_krippendorffs_four_observers():
    assert round(float(alpha_ordinal(total(FOUR_OBSERVERS, (1, 2, 3, 4, 5)))), 3) == 0.815


# irrCAC 0.4.4 (by Gwet's own formulas): CAC(ratings, weights="quadratic", categories=[1, 2, 3, 4, 5]).gwet()
def test_ac2_matches_irrcac_on_missing_grades():
    assert float(ac2_quadratic(total(FOUR_OBSERVERS, (1, 2, 3, 4, 5)))) == pytest.approx(0.914000723552, abs=1e-12)


def test_ac2_counts_categories_that_nobody_used():
    grades = [[0, 0], [0, 1], [1, 1], [1, 1]]

    # by hand: p_a = (3 + 8/9) / 4 = 35/36, pi = (3/8, 5/8), p_e = 104/9 / 12 * 15/32 = 65/144
    expected = (35 / 36 - 65 / 144) / (1 - 65 / 144)
    assert float(ac2_quadratic(total(grades))) == pytest.approx(expected, rel=1e-12)


def test_shares_pool_the_pairs_of_raters_by_their_units():
    grades = [[0, 0, _], [0, 1, _], [0, 2, 0]]

    # five pairs of grades: 00, 01, 02, 00, 20
    assert float(share_within(total(grades), 0)) == pytest.approx(2 / 5)
    assert float(share_within(total(grades), 1)) == pytest.approx(3 / 5)


def test_linear_and_quadratic_kappa_by_hand():
    table = np.zeros((1, 4, 4))
    table[0, :3, :3] = [[2, 1, 0], [0, 2, 1], [1, 0, 3]]

    # margins (3, 3, 4) and (3, 3, 4): linear 4/10 over 90/100, quadratic 6/10 over 138/100
    assert weighted_kappas(table, "linear")[0] == pytest.approx(1 - 0.4 / 0.9, rel=1e-12)
    assert weighted_kappas(table, "quadratic")[0] == pytest.approx(1 - 0.6 / 1.38, rel=1e-12)


def test_kappa_of_one_grade_throughout_is_undefined():
    assert np.isnan(weighted_kappas(total([[2, 2], [2, 2]]).tables, "linear")).all()


@pytest.mark.parametrize(
    ("grades", "reason"),
    [
        (np.empty((0, 2)), "fewer than two units"),
        ([[1, 2]], "fewer than two units"),
        ([[1], [2]], "fewer than two raters"),
        ([[1, 2], [1, 2]], "no variance between units"),
    ],
)
def test_icc_that_does_not_exist_says_why(grades, reason):
    with pytest.raises(Undefined, match=reason):
        mean_squares(np.asarray(grades, float))


def test_icc_2_1_of_two_units_in_plain_contradiction_is_undefined():
    with pytest.raises(Undefined, match="no variance between units"):
        icc_2_1(mean_squares(np.array([[0.0, 1], [1, 0]])))


def test_icc_without_an_interval_says_so():
    estimate = icc_2_1(mean_squares(np.array([[0.0, 2], [1, 1]])))

    assert (estimate.value, estimate.ci_low, estimate.ci_high) == near((-1.0, None, None))
    assert estimate.note == "its F-based interval does not exist"


def test_constant_difference_between_raters_costs_agreement_but_not_consistency():
    ms = mean_squares(np.array([[0.0, 1], [1, 2], [2, 3]]))

    assert astuple(icc_3_1(ms))[:3] == near((1.0, 1.0, 1.0))
    assert icc_2_1(ms).value == pytest.approx(2 / 3)


GRADES = arrays(float, st.tuples(st.integers(1, 9), st.integers(2, 4)), elements=st.sampled_from([0, 1, 2, 3, np.nan]))


@settings(max_examples=EXAMPLES)
@given(GRADES)
def test_kappa_of_all_resamples_at_once_is_statsmodels_kappa(grades):
    tables = total(grades).tables

    for power, weights in ((1, "linear"), (2, "quadratic")):
        expected = mean_of_defined(weighted_kappas(tables, weights))
        assert mean_kappa(tables[None], power)[0] == pytest.approx(float(expected), abs=1e-12, nan_ok=True)


@settings(max_examples=EXAMPLES)
@given(GRADES, st.randoms(use_true_random=False))
def test_order_of_raters_and_units_is_irrelevant(grades, random):
    rows, columns = list(range(grades.shape[0])), list(range(grades.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)

    before, after = total(grades), total(grades[rows][:, columns])

    for coefficient in (alpha_ordinal, ac2_quadratic, lambda tallies: mean_kappa(tallies.tables, 2)):
        assert float(coefficient(after)) == pytest.approx(float(coefficient(before)), abs=1e-12, nan_ok=True)


@settings(max_examples=EXAMPLES)
@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=9).filter(lambda grades: len(set(grades)) > 1), st.integers(2, 4)
)
def test_perfect_agreement_is_1(grades, raters):
    ratings = np.repeat(np.array(grades, float)[:, None], raters, axis=1)
    tallies, ms = total(ratings), mean_squares(ratings)

    for value in (share_within(tallies, 0), share_within(tallies, 1), alpha_ordinal(tallies), ac2_quadratic(tallies)):
        assert float(value) == pytest.approx(1)
    for weights in ("linear", "quadratic"):
        assert weighted_kappas(tallies.tables, weights) == pytest.approx(1)
    for estimate in (icc_1_1(ms), icc_2_1(ms), icc_3_1(ms)):
        assert astuple(estimate)[:3] == near((1.0, 1.0, 1.0))
