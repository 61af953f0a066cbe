"""Cells that a spreadsheet would run are neutralised on the way out and restored on the way in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.csv.formula_cells import neutralise, restore


@given(st.text(alphabet="'=+-@\t\r\n a1;＝") | st.text())
def test_restoring_undoes_neutralising(value):
    assert restore(neutralise(value)) == value


@given(st.text(alphabet="'=+-@\t\r\n a1;＝"))
def test_nothing_that_is_written_out_runs(value):
    assert not neutralise(value).lstrip(" ").startswith(tuple("=+-@\t\r\n＝"))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1+1", "' =1+1"),
        ("'=1+1", "''=1+1"),
        ("''=1+1", "'''=1+1"),
        ("P1", "P1"),
        ("'P1", "'P1"),
        ("P=1", "P=1"),
        ("", ""),
    ],
)
def test_what_a_value_becomes(value, cell):
    assert neutralise(value) == cell
    assert restore(cell) == value


def test_formula_that_comes_in_untouched_stays_as_it_is():
    assert restore("=1+1") == "=1+1"
