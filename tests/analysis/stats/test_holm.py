import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.stats.holm import holm


@pytest.fixture(scope="module", autouse=True)
def nothing_to_look_through():
    """What the tests before have left: statsmodels has all of it looked through for garbage at each adjustment."""
    gc.freeze()


@given(p=st.lists(st.floats(1e-12, 1), min_size=1, max_size=11))
def test_holm_is_that_of_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist())


def test_an_empty_family_stays_empty():
    assert holm([]) == []
