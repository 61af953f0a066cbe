import numpy as np
import pytest

from analysis.stats.frame.observations import observations
from analysis.stats.mixed_model import joint, per_muscle
from analysis.stats.mixed_model import sufficient_statistics as sufficient
from analysis.stats.mixed_model.derivatives import value
from analysis.stats.mixed_model.model import full_rank
from analysis.stats.mixed_model.sufficient_statistics import estimable, independent_columns, within_cells
from tests.analysis.stats.comparison_frames import cohort
from tests.analysis.stats.mixed_model.dense import dense

GROUPS = ("IMNM", "DM")


def test_many_participants_of_one_composition_are_stood_for_by_few_rows():
    observed = observations(cohort(100, muscles=("VL", "GR")), *GROUPS)

    model = joint.models(observed, GROUPS)[0][0]

    assert len(model.statistics.compositions.sums) < 10
    variances = np.array([0.2, 0.3, 0.4])
    np.testing.assert_allclose(value(model.statistics, variances)[0], dense(model).weighted(variances), atol=1e-8)


def test_within_cells_is_least_squares_with_participants_as_fixed_effects():
    frame = cohort(7, muscles=("VL",))
    frame = frame[np.random.default_rng(1).random(len(frame)) > 0.2]
    model = per_muscle.models(observations(frame, *GROUPS), GROUPS)[0][0]

    degrees, squares = within_cells(model.statistics)

    full = dense(model)
    X = np.column_stack([full.X, full.parts[1]])
    residual = full.y - X @ np.linalg.lstsq(X, full.y)[0]
    assert degrees == len(full.y) - np.linalg.matrix_rank(X)
    assert squares == pytest.approx(residual @ residual)


def test_a_column_that_others_make_up_is_not_independent():
    X = np.array([[1, 0, 1, 1], [1, 1, 0, 2], [1, 1, 0, 5], [1, 0, 1, 0.0]])

    assert independent_columns(X.T @ X).tolist() == [0, 1, 3]


def test_only_coefficients_that_no_other_solution_changes_are_estimable():
    X = np.array([[1, 0, 1, 1], [1, 1, 0, 2], [1, 1, 0, 5], [1, 0, 1, 0.0]])

    assert estimable(X.T @ X).tolist() == [False, False, False, True]


def test_aliased_columns_go_and_wanted_ones_stay():
    observed = observations(cohort(8, muscles=("VL",)), *GROUPS)
    statistics = per_muscle.models(observed, GROUPS)[0][0].statistics
    p = statistics.p
    twice = statistics.with_columns(np.array([0, 1, 2, 2, 3]))

    kept, columns, contrasts = full_rank(twice, {0: 1})

    assert kept.p == p
    assert sorted(columns) == [0, 1, 2, 4]
    assert columns[contrasts[0]] == 1


def test_reads_of_one_cell_and_none_of_the_next_are_all_counted():
    reads, sums = np.array([1, 3, 3]), np.array([[1.0, 2.0], [3.0, 1.0], [3.0, 5.0]])

    statistics = sufficient.one_way(reads, sums, products=np.diag([7.0, 20.0]))

    assert statistics.n == 7
    assert statistics.reads.tolist() == [0, 1, 3]
    assert statistics.multiplicity.tolist() == [4, 1, 2]
    np.testing.assert_allclose(statistics.total, np.diag([7.0, 20.0]), atol=1e-12)
