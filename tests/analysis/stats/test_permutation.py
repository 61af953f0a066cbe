from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from analysis.stats.permutation import _smallest, _welch, default_permutations, permutation_p

MEANS = np.array([[0.1, 2.0], [1.3, 0.4], [0.7, 1.0], [2.2, 2.9], [1.9, 0.3], [2.6, 2.2], [3.0, 1.1]])
IS_COMPARED = np.array([False, False, False, False, True, True, True])


def welch(means: np.ndarray, is_compared: np.ndarray) -> np.ndarray:
    return np.abs(stats.ttest_ind(means[is_compared], means[~is_compared], equal_var=False).statistic)


def exact_p(means: np.ndarray, is_compared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Raw and max-T p over all ways to label, the observed one among them."""
    observed = welch(means, is_compared) - 1e-9
    t = np.array(
        [
            welch(means, np.isin(np.arange(len(means)), chosen))
            for chosen in combinations(range(len(means)), int(is_compared.sum()))
        ]
    )
    return (t >= observed).mean(axis=0), (t.max(axis=1)[:, None] >= observed).mean(axis=0)


def test_p_is_that_of_all_permutations_within_sampling_error():
    raw, max_t = exact_p(MEANS, IS_COMPARED)

    found = permutation_p(MEANS, IS_COMPARED, 40_000)

    np.testing.assert_allclose(found.raw, raw, atol=0.01)
    np.testing.assert_allclose(found.max_t, max_t, atol=0.01)


def test_the_statistic_is_welchs_without_its_sign():
    labels = np.array([IS_COMPARED, ~IS_COMPARED], dtype=float)

    t = _welch(MEANS, labels)

    np.testing.assert_allclose(t, [welch(MEANS, IS_COMPARED)] * 2)


def test_max_t_is_never_below_raw_and_equals_it_for_one_muscle():
    two, one = permutation_p(MEANS, IS_COMPARED, 500), permutation_p(MEANS[:, :1], IS_COMPARED, 500)

    assert (two.max_t >= two.raw).all()
    assert one.max_t == one.raw == two.raw[0]


def test_no_p_is_zero():
    separated = np.where(IS_COMPARED, 100.0, 0.0)[:, None] + np.arange(7.0)[:, None]

    assert permutation_p(separated, IS_COMPARED, 9).raw >= 0.1


def test_order_of_participants_and_names_of_groups_do_not_matter():
    order = np.random.default_rng(1).permutation(len(MEANS))

    found = permutation_p(MEANS[order], ~IS_COMPARED[order], 300)

    expected = permutation_p(MEANS, IS_COMPARED, 300)
    assert found.raw.tolist() == expected.raw.tolist()
    assert found.max_t.tolist() == expected.max_t.tolist()


def test_blocks_of_labels_do_not_change_p(monkeypatch):
    expected = permutation_p(MEANS, IS_COMPARED, 100)

    monkeypatch.setattr("analysis.stats.permutation._BLOCK", 7 * 30)
    found = permutation_p(MEANS, IS_COMPARED, 100)

    assert found.raw.tolist() == expected.raw.tolist()


def test_of_equal_draws_the_first_are_taken_whatever_the_processor():
    draws = np.array([[0.5, 0.1, 0.5, 0.5], [0.2, 0.2, 0.2, 0.1]], np.float32)

    assert _smallest(draws, 2).tolist() == [[True, True, False, False], [True, False, False, True]]
    assert _smallest(np.zeros((1, 300), np.float32), 100).tolist() == [[True] * 100 + [False] * 200]


def test_participants_without_a_mean_are_left_out_of_their_muscle():
    partly = MEANS.copy()
    partly[[0, 6], 1] = np.nan

    found = permutation_p(partly, IS_COMPARED, 2000)

    assert found.raw[0] == pytest.approx(exact_p(MEANS, IS_COMPARED)[0][0], abs=0.03)
    assert 0 < found.raw[1] <= 1


def test_means_that_do_not_differ_are_as_likely_as_can_be():
    alike = np.ones((7, 1))

    assert permutation_p(alike, IS_COMPARED, 50).raw == 1


def test_groups_of_equal_mean_are_as_likely_as_can_be_whatever_the_rounding():
    thirds = np.array([[1 / 3], [2 / 3], [1.0], [0.0], [1.0], [1.0]])
    is_compared = np.array([True, True, True, False, False, False])

    for scale in (1.0, 0.1, 7.0):
        assert permutation_p(thirds * scale, is_compared, 50).raw == 1
        assert permutation_p(thirds * scale, ~is_compared, 50).raw == 1


def test_under_the_null_p_is_uniform():
    random = np.random.default_rng(5)

    p = [permutation_p(random.normal(size=(12, 1)), np.arange(12) < 5, 199).raw[0] for _ in range(400)]

    assert stats.kstest(p, "uniform").pvalue > 0.001


@pytest.mark.parametrize(("participants", "permutations"), [(2, 10_000), (250, 10_000), (251, 0)])
def test_large_studies_have_none_unless_asked_for(participants, permutations):
    assert default_permutations(participants) == permutations
