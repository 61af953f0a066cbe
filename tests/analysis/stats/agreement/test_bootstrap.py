"""The participant bootstrap: whom it draws, and that it is the slow one, done fast."""

import re

import numpy as np
import pytest

from analysis.stats.agreement import bootstrap as agreement_bootstrap
from analysis.stats.agreement.bootstrap import percentile_intervals
from analysis.stats.agreement.coefficients import alpha_ordinal
from analysis.stats.agreement.tallies import in_canonical_order, tally
from tests.near import near, plain


def random_grades(participants, units=2, raters=3, seed=0):
    generator = np.random.default_rng(seed)
    true = generator.integers(4, size=(participants, 1, 1))
    noise = generator.integers(-1, 2, size=(participants, units, raters))
    return np.clip(true + noise, 0, 3).astype(float)


def test_weighted_tallies_are_those_of_participants_written_out():
    grades = random_grades(6)
    grades[2, 0, 1] = np.nan
    drawn = [0, 2, 2, 2, 5, 5]

    resampled = tally(grades).weighted(np.bincount(drawn, minlength=6).astype(float))

    assert float(alpha_ordinal(resampled)) == pytest.approx(
        float(alpha_ordinal(tally(grades[drawn]).total())), rel=1e-12
    )


def test_interval_is_that_of_the_standard_error_of_a_share():
    grades = random_grades(2000, units=1, raters=2)
    share = (grades[:, 0, 0] == grades[:, 0, 1]).mean()

    interval = percentile_intervals(tally(grades))["exact"]

    half = 1.96 * np.sqrt(share * (1 - share) / 2000)
    assert (interval.low, interval.high) == pytest.approx((share - half, share + half), abs=0.002)


def test_every_participant_may_be_drawn_and_may_be_left_out():
    grades = np.array([[[0.0, 0]], [[0, 3]]])

    interval = percentile_intervals(tally(grades))["exact"]

    assert (interval.low, interval.high) == (0, 1)


def test_muscles_of_a_participant_are_drawn_together():
    one_unit = random_grades(40, units=1)

    copied = percentile_intervals(tally(np.repeat(one_unit, 11, axis=1)))

    assert plain(copied["exact"]) == near(plain(percentile_intervals(tally(one_unit))["exact"]))


def test_order_of_participants_is_irrelevant():
    grades = random_grades(30)

    shuffled = in_canonical_order(np.random.default_rng(1).permutation(grades))

    found = percentile_intervals(tally(shuffled))
    assert plain(found) == near(plain(percentile_intervals(tally(in_canonical_order(grades)))))


def test_blocks_that_bound_memory_change_nothing(monkeypatch):
    tallies = tally(random_grades(30))
    whole = percentile_intervals(tallies)

    monkeypatch.setattr(agreement_bootstrap, "_BLOCK_CELLS", 30 * 7)

    assert plain(percentile_intervals(tallies)) == near(plain(whole))


def test_one_participant_has_no_interval():
    interval = percentile_intervals(tally(random_grades(1)))["ac2"]

    assert (interval.low, interval.high) == (None, None)
    assert interval.note == "no interval from one participant"


def test_variance_that_hangs_on_one_participant_gives_no_interval():
    grades = np.zeros((25, 1, 2))
    grades[0] = [[0, 1]]

    intervals = percentile_intervals(tally(grades))

    # about (24/25)^25 = 36 % of resamples leave that participant out
    assert intervals["alpha_ordinal"].low is None
    assert re.fullmatch(r"no interval, undefined in 3\d % of the resamples", intervals["alpha_ordinal"].note)
    assert intervals["exact"].high == 1
