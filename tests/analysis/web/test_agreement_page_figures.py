"""The figures of the agreement page: their numbers, their tables, and how they are kept."""

import re
from html import unescape

import pytest

from analysis.figure.catalogue import AGREEMENT_FIGURES
from analysis.words.notation import interval, number
from tests.analysis.people import fill
from tests.analysis.web.agreement_pages import (
    cells,
    drawn,
    page,
    printed,
    still,
    text,
)
from tests.builders import make_study
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


filled_once = made_once(lambda: fill(make_study(), readers=3))


def test_figure_prints_the_numbers_of_the_coefficient_asked_for(visitor, filled):
    result = printed(filled)

    for code in ("exact", "alpha_ordinal"):
        response = page(visitor, filled, f"?coefficient={code}")

        estimates = [entry[code] for entry in result["inter"]]
        numbers = [f"{number(e['value'])} {interval(e['ci_low'], e['ci_high'])}" for e in estimates]
        assert [word for word in still(response) if word.endswith("]")] == numbers
        notes = drawn(visitor, response)["agreement-forest"]["layout"]["annotations"]
        assert [note["text"] for note in notes if note["text"].endswith("]")] == numbers


def test_three_coefficients_stand_side_by_side_at_first(visitor, filled):
    response = page(visitor, filled)

    titles = ["ICC(2,1), absolute agreement", "Cohen’s kappa, quadratic weights", "Gwet’s AC2, quadratic weights"]
    assert [word for word in still(response) if word in titles] == titles
    assert f'aria-label="Agreement between readers per muscle, {"; ".join(titles)}.' in text(response)
    assert "Three readers; 66 units (muscles of 6 participants) were graded by at least two of them." in text(response)


def test_every_figure_of_agreement_is_on_the_page_and_can_be_kept(visitor, filled):
    response = page(visitor, filled, "?coefficient=ac2")
    content = response.content.decode()

    assert drawn(visitor, response).keys() == AGREEMENT_FIGURES.keys()
    for name in AGREEMENT_FIGURES:
        for form in ("svg", "csv"):
            path = unescape(re.search(rf'href="([^"]*/{name}\.{form}[^"]*)"', content)[1])
            kept_file = visitor.get(path)
            assert kept_file.status_code == 200
            assert kept_file["Content-Disposition"] == f'attachment; filename="{filled.slug}-{name}-ac2.{form}"'


def test_dots_of_each_pair_stand_in_a_table(visitor, filled):
    table = re.search(r'data-fold="table-bland-altman".*?</table>', text(page(visitor, filled)), re.DOTALL)[0]

    shown = [cells(row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)][1:]
    assert sum(int(row[6]) for row in shown) == sum(bias["participants"] for bias in printed(filled)["bias"])
