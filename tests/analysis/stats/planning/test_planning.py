"""Planning: held against closed forms, and against itself however it is split."""

import json
from itertools import pairwise

import numpy as np
import pytest

from analysis.stats.planning.closed_forms import power_of_means, units_for_bound, units_for_width
from analysis.stats.planning.plan import plan
from analysis.stats.planning.scores import draw
from analysis.stats.planning.setting import PlanError, Setting, all_words, read_setting
from analysis.stats.planning.simulation import counted, difference, simulate, summed

TINY = {"participant": "1e-200", "residual": "0"}  # whose squares are 0
SURE = 3.5  # Monte-Carlo standard errors, which chance seldom exceeds; seeds are fixed


def test_of_latent_values_the_power_is_that_of_the_t_test():
    setting = Setting(participants=(15,), difference=0.7, participant=0.6, residual=0.5, readers=2)
    expected = power_of_means(setting, 15)

    p = np.array([difference(draw(setting, 15, number, is_cut=False))[0] for number in range(400)])

    assert 0.5 < expected < 0.95
    assert abs((p <= 0.05).mean() - expected) < SURE * (expected * (1 - expected) / 400) ** 0.5


def test_closed_forms_are_those_of_their_sources():
    # power.t.test(n = 20, delta = 1, sd = 1, strict = TRUE) in R: 0.8689528
    exact = Setting(difference=1, participant=0.6, reader=0, residual=0.8, readers=1)
    assert power_of_means(exact, 20) == pytest.approx(0.8689528, abs=1e-6)
    # Walter, Eliasziw and Donner 1998, at a one-sided 0.05, by hand: 1 + 4 * 2.486475² / ln²(4 / 9) = 38.6
    assert units_for_bound(0.8, 0.6, 2, level=0.1) == 39
    assert units_for_bound(0.6, 0.8, 3) is None
    # Bonett 2002, by hand: 8 * 1.959964² * 0.3² * 2.4² / (6 * 0.2²) + 1 = 67.4
    assert units_for_width(0.7, 0.2, 3) == 68


def test_ranges_of_data_sets_add_up_to_the_same_answer_in_any_order_wherever_they_are_cut():
    setting = Setting(participants=(4, 6), data_sets=30, readers=2, missing=0.3)
    cuts = [0, 7, 33, 34, 60]

    counts = [counted(setting, first, last) for first, last in pairwise(cuts)]

    assert summed(setting, reversed(counts)) == simulate(setting)


@pytest.mark.parametrize(
    "extreme",
    [
        Setting(participants=(3,), data_sets=20, readers=1),
        Setting(participants=(3,), data_sets=20, missing=0.9),
        Setting(participants=(3,), data_sets=20, level=-3, difference=0, residual=0, reader=0, participant=0.1),
        Setting(participants=(3,), data_sets=20, level=-3, difference=6, residual=0.1, reader=0, participant=0.1),
        Setting(participants=(3,), data_sets=20, sides=2, side=0.5, participant=0, residual=0),
    ],
)
def test_a_plan_of_anything_is_json_and_says_how_often_there_was_no_answer(extreme):
    (size,) = json.loads(json.dumps(plan(extreme), allow_nan=False))["sizes"]

    assert 0 <= size["power"]["value"] <= 1 - size["unanswered"]["value"]


def test_a_setting_is_read_as_it_was_written_and_nonsense_is_refused():
    setting = Setting(participants=(7, 9), missing=0.125, seed=3)

    assert read_setting(all_words(setting)) == setting
    for wrong in ({"participants": "9,7"}, {"level": "nan"}, {"readers": "x"}, {"data_sets": "5000"}, TINY):
        with pytest.raises(PlanError):
            read_setting(wrong)
