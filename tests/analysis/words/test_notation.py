"""How numbers are written."""

import pytest

from analysis.words.notation import exact_p, interval, median_iqr, number, p_value


@pytest.mark.parametrize(
    ("value", "text"), [(1.2345, "1.23"), (-1.2345, "−1.23"), (-0.001, "0.00"), (0.0, "0.00"), (None, "–")]
)
def test_number(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, ">0.99"),
        (0.99, "0.990"),
        (0.2345, "0.234"),
        (0.0501, "0.050"),
        (0.04999, "0.04999"),  # below 0.05, as its star says
        (0.001, "0.001"),
        (0.00099, "<0.001"),
        (0.0, "<0.001"),
        (None, "–"),
    ],
)
def test_p_as_journals_print_it(p, text):
    assert p_value(p) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0999, "0.100"),
        (0.0456, "0.046"),
        (0.00023, "0.00023"),
        (2.34e-7, "2.3 × 10⁻⁷"),
        (0.0, "<10⁻³⁰⁰"),
        (None, "–"),
    ],
)
def test_exact_p(p, text):
    assert exact_p(p) == text


def test_intervals_and_medians():
    assert interval(-1.6, -0.456) == "[−1.60, −0.46]"
    assert interval(None, None) == "–"
    assert median_iqr({"median": 2.6667, "q1": 2, "q3": 3}) == "2.67 [2.00–3.00]"
    assert median_iqr({"median": None, "q1": None, "q3": None}) == "–"
