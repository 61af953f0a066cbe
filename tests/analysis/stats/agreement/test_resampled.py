"""Coefficients of several readers with participants resampled: the generalised kappa by its definition, written out."""

from itertools import combinations, product

import numpy as np
import pytest

from analysis.stats.agreement.resampled import resampled
from tests.analysis.stats.agreement.frames import answer, frame_of_scores
from tests.analysis.stats.agreement.test_bootstrap import random_grades


def defined_kappa(units, power):
    """One minus the mean weight of pairs of grades over that of every grade with every other, both over pairs."""
    observed, chance = [], []
    for one, other in combinations(range(units.shape[1]), 2):
        both = [unit for unit in units if not np.isnan(unit[[one, other]]).any()]
        observed.append(np.mean([abs(unit[one] - unit[other]) ** power for unit in both]))
        chance.append(np.mean([abs(first[one] - second[other]) ** power for first, second in product(both, both)]))
    return 1 - sum(observed) / sum(chance)


@pytest.mark.parametrize(("name", "power"), [("kappa_linear", 1), ("kappa_quadratic", 2)])
def test_generalised_kappa_is_its_definition_also_where_grades_are_missing(name, power):
    grades = random_grades(12, units=3, raters=4)
    grades[::3, 0, 1] = np.nan
    grades[5, :, 2] = np.nan

    found = resampled(grades, resamples=200)[name]

    assert found.value == pytest.approx(defined_kappa(grades.reshape(-1, 4), power), abs=1e-12)
    assert found.ci_low < found.value < found.ci_high


@pytest.mark.parametrize(
    ("scores", "icc", "kappa"),
    [
        ({"ann": [0, 1, 3]}, "fewer than two raters", "fewer than two raters"),
        (
            {"ann": [0, None], "bob": [None, 2]},
            "fewer than two units graded by every",
            "no unit that two readers graded",
        ),
        ({"ann": [2, 2], "bob": [2, 2]}, "no variance between units", "no variance, all grades of a pair are equal"),
    ],
)
def test_what_cannot_be_had_says_which_of_the_reasons_holds(scores, icc, kappa):
    note = answer(frame_of_scores(scores))["resampled"][0]["note"]

    reasons = {names: reason for names, _, reason in (part.partition(": ") for part in note.split("; "))}
    assert all(code in " ".join(reasons) for code in ("icc_2_1", "icc_3_1", "kappa_linear", "kappa_quadratic"))
    assert next(reason for names, reason in reasons.items() if "icc_2_1" in names).startswith(icc)
    assert next(reason for names, reason in reasons.items() if "kappa_linear" in names) == kappa
